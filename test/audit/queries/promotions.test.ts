import { answerOf, type Row } from '../support/evidence';
import { objectEvent, session, storeSession } from '../support/records';

const key = (name: string) => `models/fraud/${name}`;

let keys = 0;

/** A move of `production`, with the read of the version's manifest in the same session. */
function move(time: string, version: string, who = 'Pipeline=release', more: object = {}): Row[] {
  keys += 1;
  const caller = { ...storeSession(who, 'RegistrySession'), accessKeyId: `ASIA${keys}` };
  return [
    objectEvent({ time, who: caller, key: key(`versions/${version}/manifest.json`) }),
    objectEvent({ time, who: caller, action: 'PutObject', key: key('aliases/production.json'), ...more }),
  ];
}

const publication = (time: string, version: string, who = 'DataScientist=alice') => objectEvent({
  time, who: storeSession(who, 'UploadSession'), action: 'PutObject', key: key(`versions/${version}/manifest.json`),
});

async function reasonsOf(records: readonly Row[], more: object = {}): Promise<unknown[]> {
  const answer = await answerOf('alias-moves', { records, ...more }, '2026-03-02', '2026-03-08');
  return answer.map(({ version, previous_version, principal, reason }) => [version, previous_version, principal, reason]);
}

/** A pipeline that has moved the alias before, so that the next move is ordinary. */
const EARLIER = [publication('2026-02-20T09:00:00Z', '1.0.0'), ...move('2026-02-20T12:00:00Z', '1.0.0')];

describe('alias moves', () => {
  test('of an ordinary promotion are not listed', async () => {
    expect(await reasonsOf([
      ...EARLIER, publication('2026-03-02T08:00:00Z', '1.1.0'), ...move('2026-03-02T10:00:00Z', '1.1.0'),
    ])).toEqual([]);
  });

  test('are listed with every reason', async () => {
    expect(await reasonsOf([
      ...EARLIER, publication('2026-03-07T10:00:00Z', '1.1.0', 'DataScientist=eve'),
      ...move('2026-03-07T10:05:00Z', '1.1.0', 'DataScientist=eve'),
    ])).toEqual([['1.1.0', '1.0.0', 'DataScientist=eve', 'first move by this principal; outside business hours; '
      + 'published less than 15 minutes before; published by the same principal']]);
  });

  test('back to an older version are listed, whether or not the alias had that version before', async () => {
    const records = [
      ...EARLIER, publication('2026-02-21T09:00:00Z', '1.1.0'), ...move('2026-02-21T12:00:00Z', '1.1.0'),
    ];
    const back = 'back to an older version';
    expect(await reasonsOf([...records, ...move('2026-03-02T10:00:00Z', '1.0.0')])).toEqual([
      ['1.0.0', '1.1.0', 'Pipeline=release', back],
    ]);
    // Published before the logs begin.
    expect(await reasonsOf([...records, ...move('2026-03-02T10:00:00Z', '0.9.0')])).toEqual([
      ['0.9.0', '1.1.0', 'Pipeline=release', back],
    ]);
  });

  test('back to an older version are listed even if the alias was removed in between', async () => {
    const removal = objectEvent({
      time: '2026-03-02T09:59:00Z', who: storeSession('Pipeline=release', 'RegistrySession'), action: 'PutObject',
      key: key('aliases/production.json'),
    });
    expect(await reasonsOf([
      ...EARLIER, publication('2026-02-21T09:00:00Z', '1.1.0'), ...move('2026-02-21T12:00:00Z', '1.1.0'), removal,
      ...move('2026-03-02T10:00:00Z', '1.0.0'),
    ])).toEqual([['1.0.0', '1.1.0', 'Pipeline=release', 'back to an older version']]);
  });

  test('a removal has no version, and is listed for the same reasons as a move', async () => {
    const removal = objectEvent({
      time: '2026-03-08T03:00:00Z', who: { ...storeSession('mallory', 'RegistrySession'), accessKeyId: 'ASIAREMOVAL' },
      action: 'PutObject', key: key('aliases/production.json'),
    });
    expect(await reasonsOf([...EARLIER, removal])).toMatchObject([
      [null, '1.0.0', 'mallory', 'first move by this principal; outside business hours'],
    ]);
  });

  test('by a principal are new only once, and not at the beginning of the logs', async () => {
    const moves = [
      publication('2026-03-01T09:00:00Z', '1.1.0'), publication('2026-03-01T09:30:00Z', '1.2.0'),
      ...move('2026-03-02T10:00:00Z', '1.1.0', 'bob'), ...move('2026-03-03T10:00:00Z', '1.2.0', 'bob'),
    ];
    expect(await reasonsOf([...EARLIER, ...moves])).toMatchObject([
      ['1.1.0', '1.0.0', 'bob', 'first move by this principal'],
    ]);
    expect(await reasonsOf(moves.slice(2))).toEqual([]);
  });

  test('that were denied, or that only read the alias, are not moves', async () => {
    expect(await reasonsOf([
      ...EARLIER, ...move('2026-03-02T03:00:00Z', '1.1.0', 'bob', { error: 'AccessDenied' }),
      ...move('2026-03-02T03:00:00Z', '1.1.0', 'bob', { action: 'GetObject' }),
    ])).toEqual([]);
  });

  test('without a manifest read in the same session have no version, and are still listed', async () => {
    const record = objectEvent({
      time: '2026-03-08T10:00:00Z', who: session('Admin', 'mallory'), action: 'PutObject', key: key('aliases/production.json'),
    });
    expect(await reasonsOf([...EARLIER, record])).toEqual([
      [null, '1.0.0', 'Admin=mallory', 'first move by this principal; outside business hours'],
    ]);
  });
});
