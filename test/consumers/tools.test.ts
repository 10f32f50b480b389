import { canUse } from './support/tools';

const inCI = process.env.CI;
afterEach(() => {
  if (inCI === undefined) {
    delete process.env.CI;
  } else {
    process.env.CI = inCI;
  }
});

describe('a machine without the tool chain of a language', () => {
  const said = jest.spyOn(process.stderr, 'write');
  beforeEach(() => said.mockReturnValue(true));
  afterAll(() => said.mockRestore());

  test('skips its consumer, and reports that', () => {
    delete process.env.CI;
    expect(canUse('java', ['mvn'])).toBe(false);
    expect(said).toHaveBeenCalledWith(
      'skipped: the consumer in java. mvn is not to be had; a consumer in java needs a JDK of version 17 or newer and Maven\n',
    );
  });

  test('cannot accept a change, except for Go, where only generated code is published', () => {
    process.env.CI = 'true';
    expect(() => canUse('java', ['javac', 'mvn'])).toThrow('javac and mvn is not to be had; a consumer in java needs a JDK of version 17');
    expect(() => canUse('python', ['python3'])).toThrow('python3 is not to be had; a consumer in python needs Python 3.10');
    expect(canUse('go', ['go'])).toBe(false);
    expect(said).toHaveBeenCalledWith(expect.stringContaining('skipped: the consumer in go. go is not to be had'));
  });
});

test('a machine with the tool chain uses it', () => {
  process.env.CI = 'true';
  expect(canUse('java', [])).toBe(true);
});
