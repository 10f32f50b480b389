import { InvokeCommand, LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import type { RouteName } from '../../../src/contract/routes';
import { MINISTACK } from '../../fidelity/engines';
import { proves } from '../../fidelity/proves';
import { apiEvent } from '../../handlers/support/events';
import { deployCognitoStore } from '../cognito/cognito-store';
import { clientConfiguration } from '../rig/clients';
import type { Credentials } from '../rig/environment';
import type { LocalStore } from '../rig/local-store';
import { makeUser } from '../rig/people';
import { STACK_NAME } from '../rig/stack-names';
import { storeUnderTest } from '../rig/store-under-test';

const accountOf = (store: LocalStore) => store.people.dataScientist.roleArn.split(':')[4];

/** An event like API Gateway's, in which the attacker names any caller. */
function forgedEvent(
  store: LocalStore, route: RouteName, parameters: { readonly [name: string]: string }, body?: object,
): object {
  return apiEvent(route, {
    parameters,
    body,
    userArn: `arn:aws:sts::${accountOf(store)}:assumed-role/DataScientist/ada`,
    sourceIp: '192.0.2.1',
    claims: {
      iss: 'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Pool', 'cognito:username': 'ada', 'cognito:groups': 'data-scientists,pipelines',
    },
  });
}

const forgedEvents = (store: LocalStore) => [
  ['Upload', forgedEvent(store, 'beginUpload', { model: 'fraud' }, { files: [{ digest: 'a'.repeat(64), size: 1 }] })],
  ['Download', forgedEvent(store, 'downloadLinks', { model: 'fraud', version: '1.0.0' }, { paths: ['model.onnx'] })],
  ['Registry', forgedEvent(store, 'moveAlias', { model: 'fraud', alias: 'production' }, { version: '1.0.0' })],
] as const;

class Invoker {
  private readonly lambda: LambdaClient;

  constructor({ localAws }: LocalStore, credentials: Credentials) {
    this.lambda = new LambdaClient(clientConfiguration(localAws, credentials));
  }

  async invoke(functionName: string, event: object, qualifier?: string): Promise<{ statusCode: number; body: string }> {
    const { Payload } = await this.lambda.send(new InvokeCommand({
      FunctionName: functionName, Qualifier: qualifier, Payload: JSON.stringify(event),
    }));
    return JSON.parse(Buffer.from(Payload!).toString('utf8')) as { statusCode: number; body: string };
  }

  close(): void {
    this.lambda.destroy();
  }
}

/** The names of the three functions, by the part of the name that the construct gives each. */
async function functionsOf(store: LocalStore, stackName: string): Promise<Record<string, string>> {
  const lambda = new LambdaClient(clientConfiguration(store.localAws, store.localAws.root));
  const { Functions: all = [] } = await lambda.send(new ListFunctionsCommand({ MaxItems: 50 }));
  lambda.destroy();
  const named = all.map(({ FunctionName }) => FunctionName!).filter((name) => name.startsWith(`${stackName}-`));
  return Object.fromEntries(forgedEvents(store).map(([part]) => [part, named.find((name) => name.includes(part))!]));
}

const PERMISSIONS: Array<[string, object[]]> = [
  ['invoke-only', [{ Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: '*' }]],
  ['power-user', [{ Effect: 'Allow', NotAction: ['iam:*', 'organizations:*', 'account:*'], Resource: '*' }]],
  ['administrator', [{ Effect: 'Allow', Action: '*', Resource: '*' }]],
];

describe('Invoking a function of a store with an API', () => {
  const store = storeUnderTest();
  let functions: Record<string, string>;
  beforeAll(async () => { functions = await functionsOf(store, STACK_NAME); });

  // [C-04] in docs/compliance.md
  test.each(PERMISSIONS)('is denied to the %s, by name, by ARN and by version', async (name, statements) => {
    const invoker = new Invoker(store, await makeUser(store.localAws, `direct-${name}`, statements));
    for (const [part, event] of forgedEvents(store)) {
      const fn = functions[part];
      for (const target of [fn, `arn:aws:lambda:${store.localAws.region}:${accountOf(store)}:function:${fn}`]) {
        await expect(invoker.invoke(target, event)).rejects.toMatchObject({ name: 'AccessDeniedException' });
      }
      await expect(invoker.invoke(fn, event, '$LATEST')).rejects.toMatchObject({ name: 'AccessDeniedException' });
    }
    invoker.close();
    proves(MINISTACK, 'lambda.resource-policy.deny');
  });
});

describe('A forged event that reaches a function of a store with Cognito', () => {
  test('gets nothing, because the function verifies the token itself', async () => {
    const store = await deployCognitoStore('ForgedEvents');
    const functions = await functionsOf(store, 'ForgedEvents');
    // The local AWS never denies anything to the root user, so the event gets past the resource policy.
    const root = new Invoker(store, store.localAws.root);
    for (const [part, event] of forgedEvents(store)) {
      const { statusCode, body } = await root.invoke(functions[part], event);
      expect([statusCode, (JSON.parse(body) as { code: string }).code]).toEqual([401, 'unauthenticated']);
    }
    root.close();
  });
});
