import { NOVEMBER, OrdinaryMonth } from '../support/audit/ordinary-month';

const everything = (seed: number) => [...new OrdinaryMonth({ ...NOVEMBER, seed, events: 20_000 }).slots()].flatMap(
  ({ requests }) => requests,
);

describe('the ordinary month that tests use as audit data', () => {
  const requests = everything(1);

  test('is deterministic for a seed', () => {
    expect(everything(1)).toEqual(requests);
    expect(everything(2)).not.toEqual(requests);
  });

  test('has the requested number of events, in chronological order, within its days', () => {
    expect(requests.length).toBeGreaterThan(19_000);
    expect(requests.length).toBeLessThan(21_000);
    const slots = requests.map(({ time }) => Math.floor(time / 300_000));
    expect(slots).toEqual([...slots].sort((a, b) => a - b));
    expect(
      requests.every(({ time }) => time >= NOVEMBER.from && time < NOVEMBER.from + NOVEMBER.days * 86_400_000),
    ).toBe(true);
  });

  test('has 50 principals: people during the day and pipelines at any hour', () => {
    const { principals } = new OrdinaryMonth({ ...NOVEMBER, events: 0 });
    expect(principals).toHaveLength(50);
    const people = new Set(principals.filter(({ kind }) => kind === 'scientist').map(({ name }) => name));
    const atNight = requests.filter(
      ({ time, session }) => people.has(session.sessionName) && new Date(time).getUTCHours() < 7,
    );
    expect(atNight).toEqual([]);
    expect(new Set(requests.map(({ session }) => session.sourceIdentity)).size).toBeGreaterThan(40);
  });
});
