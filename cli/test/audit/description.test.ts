import { EXIT, Failure } from '../../src/runtime/failure';
import { readAuditDescription } from '../../src/store/audit-description';

const read = async (readParameter: () => Promise<string | undefined>) => readAuditDescription(
  { readParameter }, 'models', undefined,
);
const failing = (code: string, exitCode: number) => async () => {
  throw new Failure(`cannot read it: ${code}`, { code, exitCode, hint: 'something that helps' });
};

describe('the audit description of a store', () => {
  test('is in a parameter that a store without a trail does not have', async () => {
    await expect(read(async () => undefined)).rejects.toMatchObject({
      exitCode: EXIT.NOT_FOUND, message: expect.stringContaining('/models/audit'),
      hint: expect.stringContaining('--logs s3://BUCKET/PREFIX'),
    });
  });

  test.each([
    '', '{"schemaVersion":2}', '{"schemaVersion":1,"trail":{}}',
  ])('must be in a version that this command supports: %j', async (value) => {
    await expect(read(async () => value)).rejects.toMatchObject({
      exitCode: EXIT.FAILURE, hint: expect.stringContaining('the version of model-store that matches the store'),
    });
  });

  test.each([
    ['forbidden', EXIT.FORBIDDEN, 'Only auditors of the store "models" can read'],
    ['unauthenticated', EXIT.FORBIDDEN, 'something that helps\nOr use --logs with the location of the logs.'],
    ['network', EXIT.UNAVAILABLE, 'something that helps\nOr use --logs with the location of the logs.'],
  ])('that cannot be read (%s) is reported with a hint', async (code, exitCode, hint) => {
    await expect(read(failing(code, exitCode))).rejects.toMatchObject({
      code, exitCode, hint: expect.stringContaining(hint),
    });
  });
});
