import { DEFAULT_SESSION_NAME_PATTERNS } from '../../../src/contract/default-session-names';
import { answerOf, queryText } from '../support/evidence';
import { managementEvent, objectEvent, session, storeSession } from '../support/records';

const DAY = '2026-03-02';
const link = { signedAt: '20260302T095900Z' };
const UNNAMED = 'aws-sdk-js-1795855669439';

const opening = (role: string, name: string, who: object, more: object = {}) => managementEvent('AssumeRole', {
  roleArn: `arn:aws:iam::111122223333:role/team/${role}`, roleSessionName: name,
}, { eventSource: 'sts.amazonaws.com', userIdentity: who, ...more });

describe('sessions with generated names', () => {
  test('are detected in sessions of the store, with who opened them', async () => {
    const jane = session('AWSReservedSSO_Science_0123456789abcdef', 'jane@example.com');
    const records = [
      opening('DataScientist', UNNAMED, jane, { eventTime: '2026-03-01T23:50:00Z' }),
      // The same name with another role, or later, is another session.
      opening('Other', UNNAMED, session('Admin', 'bob')),
      opening('DataScientist', UNNAMED, session('Admin', 'bob'), { eventTime: '2026-03-02T12:00:00Z' }),
      objectEvent({ who: storeSession(`DataScientist=${UNNAMED}`), link, bytes: 70 }),
      objectEvent({ who: storeSession(`DataScientist=${UNNAMED}`), link, bytes: 5, action: 'PutObject' }),
    ];
    expect(await answerOf('unnamed-sessions', { records }, DAY, DAY)).toMatchObject([{
      role_name: 'DataScientist', session_name: UNNAMED, principal: 'DataScientist=*',
      opened_by: 'AWSReservedSSO_Science=jane@example.com',
      requests: 2, reads: 1, bytes_out: 70, models: 1, one_model: 'fraud',
    }]);
  });

  test('are detected if the store truncated the role and added a hash', async () => {
    const records = [
      opening('ModelStore-ModelsRolesDataScientist8764686D-1', UNNAMED, session('Science', 'jane')),
      objectEvent({ who: storeSession(`ModelStore-ModelsRol=${UNNAMED}+0c205a8afb2731b4`), link }),
    ];
    expect(await answerOf('unnamed-sessions', { records }, DAY, DAY)).toMatchObject([
      { session_name: UNNAMED, opened_by: 'Science=jane' },
    ]);
  });

  test('are detected in direct reads, whether or not it is known who opened them', async () => {
    const records = [
      'botocore-session-1795855669', 'i-0123456789abcdef0', '0123456789abcdef0123456789abcdef', '1722511821294449000',
    ].map((name) =>
      objectEvent({ who: session('Research', name) }));
    const answer = await answerOf('unnamed-sessions', { records }, DAY, DAY);
    expect(answer.map(({ session_name: name, opened_by: by }) => [name, by])).toEqual([
      ['0123456789abcdef0123456789abcdef', null], ['1722511821294449000', null], ['botocore-session-1795855669', null],
      ['i-0123456789abcdef0', null],
    ]);
  });

  test('are not named users, jobs with dedicated roles, reads of logs and other days', async () => {
    const records = [
      objectEvent({ who: storeSession('DataScientist=jane@example.com'), link }),
      objectEvent({ who: storeSession('bob'), link }),
      objectEvent({ who: session('Training', 'botocore-session-1795855669') }),
      objectEvent({ who: session('Auditor', UNNAMED), bucket: 'trail-logs', key: 'AWSLogs/a.json.gz' }),
      objectEvent({ who: session('Research', UNNAMED), time: '2026-03-03T10:00:00Z' }),
      objectEvent({ who: session(
        'DownloadSession', '6f1c2b1e-0000-4000-8000-000000000001', '6f1c2b1e-0000-4000-8000-000000000001',
      ) }),
    ];
    expect(await answerOf('unnamed-sessions', { records }, DAY, DAY)).toEqual([]);
  });

  test('are all names that the store rejects', () => {
    const written = queryText('unnamed-sessions').replace(/'\s*\|\|\s*'/g, '');
    for (const pattern of DEFAULT_SESSION_NAME_PATTERNS) {
      expect(written).toMatch(new RegExp(`[|(]${pattern.replace('*', '\\.\\*')}[|)]`));
    }
  });
});
