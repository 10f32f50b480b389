import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  APIGatewayServiceException, BadRequestException, GetAccountCommand, UpdateAccountCommand,
} from '@aws-sdk/client-api-gateway';
import { createLogger } from '../../src/handlers/common/logger';
import { answerCloudFormation, type CloudFormationEvent } from '../../src/handlers/logging-role/cloud-formation';
import { setRoleIfNone } from '../../src/handlers/logging-role/set-role-if-none';

const OURS = 'arn:aws:iam::111122223333:role/store-logging';
const THEIRS = 'arn:aws:iam::111122223333:role/landing-zone-logging';
const PACE = { tryMilliseconds: 60_000, pauseMilliseconds: 1 };
const metadata = { $metadata: {} };

/** The account settings of API Gateway. Each update first fails with the next error, if there is one. */
class Account {
  public updates = 0;
  constructor(public role?: string, private readonly refusals: Error[] = []) {}

  public async send(command: unknown): Promise<any> {
    if (command instanceof GetAccountCommand) {
      return { cloudwatchRoleArn: this.role };
    }
    if (command instanceof UpdateAccountCommand) {
      this.updates += 1;
      const refusal = this.refusals.shift();
      if (refusal) throw refusal;
      expect(command.input.patchOperations).toEqual([{ op: 'replace', path: '/cloudwatchRoleArn', value: OURS }]);
      this.role = OURS;
      return {};
    }
    throw new Error('API Gateway was asked for something else');
  }
}

describe('the logging role', () => {
  const notYet = () => new BadRequestException({
    ...metadata, message: 'The role ARN does not have required permissions configured.',
  });

  test('is set if the account has none', async () => {
    const account = new Account();
    expect(await setRoleIfNone(account, OURS, PACE)).toMatch(/which had none, to .*store-logging/);
    expect(account.role).toBe(OURS);
  });

  test('is kept if the account has one', async () => {
    const account = new Account(THEIRS);
    expect(await setRoleIfNone(account, OURS, PACE)).toMatch(/Keeping the logging role .*landing-zone-logging/);
    expect([account.role, account.updates]).toEqual([THEIRS, 0]);
  });

  test('is set once IAM has propagated it', async () => {
    const account = new Account(undefined, [notYet(), notYet()]);
    await setRoleIfNone(account, OURS, PACE);
    expect([account.role, account.updates]).toEqual([OURS, 3]);
  });

  test('is kept if another deployment has set one in the meantime', async () => {
    const account = new Account(undefined, [notYet()]);
    const set = setRoleIfNone(account, OURS, { ...PACE, pauseMilliseconds: 50 });
    await new Promise((resolve) => setTimeout(resolve, 10));
    account.role = THEIRS;
    await set;
    expect(account.role).toBe(THEIRS);
  });

  test('fails after the time limit, and immediately if it is not permitted', async () => {
    await expect(
      setRoleIfNone(new Account(undefined, [notYet()]), OURS, { tryMilliseconds: 0, pauseMilliseconds: 1 }),
    ).rejects.toThrow(/required permissions/);
    const forbidden = new Account(undefined, [new APIGatewayServiceException({
      ...metadata, name: 'ForbiddenException', $fault: 'client', message: 'not authorized',
    })]);
    await expect(setRoleIfNone(forbidden, OURS, PACE)).rejects.toThrow(/not authorized/);
    expect(forbidden.updates).toBe(1);
  });
});

describe('CloudFormation', () => {
  let server: http.Server;
  let answers: Array<{ readonly Status: string; readonly Reason?: string; readonly PhysicalResourceId: string }>;
  let contentTypes: Array<string | undefined>;
  let failures: number;
  let written: string;
  const event = (): CloudFormationEvent => ({
    RequestType: 'Create', StackId: 'stack', RequestId: 'request', LogicalResourceId: 'Setting', ResourceProperties: {},
    ResponseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/answer?X-Amz-Signature=secret`,
  });

  beforeEach(async () => {
    [answers, contentTypes, failures, written] = [[], [], 0, ''];
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
      written += String(text);
      return true;
    });
    server = http.createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => { body += String(chunk); });
      request.on('end', () => {
        response.statusCode = failures-- > 0 ? 503 : 200;
        if (response.statusCode === 200) answers.push(JSON.parse(body));
        contentTypes.push(request.headers['content-type']);
        response.end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const run = (work: () => Promise<void>) => answerCloudFormation(
    event(), createLogger({ function: 'logging-role', requestId: 'request' }), work,
  );

  test('receives success with a constant physical ID', async () => {
    await run(async () => undefined);
    expect(answers).toMatchObject([
      { Status: 'SUCCESS', StackId: 'stack', RequestId: 'request', PhysicalResourceId: 'Setting' },
    ]);
    expect(contentTypes).toEqual(['']);
  });

  test('receives a failure with its reason, which is logged without the response URL', async () => {
    await run(async () => { throw new Error('not authorized'); });
    expect(answers).toMatchObject([{ Status: 'FAILED', Reason: 'Error: not authorized' }]);
    expect(written).toContain('not authorized');
    expect(written).not.toContain('secret');
  });

  test('receives the response again if sending it failed', async () => {
    failures = 2;
    await run(async () => undefined);
    expect(answers).toHaveLength(1);
  });
});
