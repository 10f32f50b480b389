import * as fs from 'node:fs';
import * as path from 'node:path';
import { CloudFormationClient, paginateListStackResources } from '@aws-sdk/client-cloudformation';
import { GetFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { MINISTACK } from '../../fidelity/engines';
import { proves } from '../../fidelity/proves';
import { LASTING } from '../../upgrade/support/lasting-resources';
import { rebuildLibrary } from '../../upgrade/support/rebuilt-library';
import { clientConfiguration } from '../rig/clients';
import { deployApp } from '../rig/deploy';
import type { Credentials } from '../rig/environment';
import { localUrl, type LocalStore } from '../rig/local-store';
import { modelStore } from '../rig/model-store';
import { PROJECT_ROOT, TSX_CLI } from '../rig/paths';
import { inRole, makePerson } from '../rig/people';
import { storeUnderTest } from '../rig/store-under-test';

interface Deployed {
  /** Physical IDs of the stateful resources, by logical ID: bucket names and key IDs. */
  readonly lasting: ReadonlyMap<string, string>;
  /** The code of the functions, by logical ID. */
  readonly code: ReadonlyMap<string, string>;
}

describe('a store that is upgraded and rolled back', () => {
  let folder: string;
  let store: LocalStore;
  let scientist: Credentials;

  const replace = (file: string, old: string, by: string) => {
    const text = fs.readFileSync(file, 'utf8');
    expect(text).toContain(old);
    fs.writeFileSync(file, text.replace(old, by));
  };

  async function deploy(library: string): Promise<LocalStore> {
    const { localAws } = store;
    const command = ['node', TSX_CLI, path.join(__dirname, 'upgraded-app.ts'), library]
      .map((part, index) => (index === 0 ? part : path.relative(PROJECT_ROOT, part))).join(' ');
    const { outputs: { Upgraded: outputs }, leftOut } = await deployApp({ ...localAws, folder }, command);
    return { ...store, url: localUrl(localAws, outputs.StoreUrl), outputs, leftOut };
  }

  async function look(): Promise<Deployed> {
    const configuration = clientConfiguration(store.localAws, store.localAws.root);
    const [cloudFormation, lambda] = [new CloudFormationClient(configuration), new LambdaClient(configuration)];
    const lasting = new Map<string, string>();
    const code = new Map<string, string>();
    try {
      for await (const { StackResourceSummaries = [] } of paginateListStackResources({ client: cloudFormation }, { StackName: 'Upgraded' })) {
        for (const { LogicalResourceId: id, PhysicalResourceId: physicalId, ResourceType: type } of StackResourceSummaries) {
          if (Object.hasOwn(LASTING, type!)) {
            lasting.set(id!, physicalId!);
          }
          if (type === 'AWS::Lambda::Function') {
            code.set(id!, (await lambda.send(new GetFunctionCommand({ FunctionName: physicalId }))).Configuration!.CodeSha256!);
          }
        }
      }
      return { lasting, code };
    } finally {
      cloudFormation.destroy();
      lambda.destroy();
    }
  }

  const run = async (...args: string[]) => (await modelStore(store, scientist, args)).exitCode;

  async function pulled(version: string): Promise<string> {
    const target = fs.mkdtempSync(path.join(folder, 'pulled-'));
    expect(await run('pull', version, path.join(target, 'model'))).toBe(0);
    return fs.readFileSync(path.join(target, 'model', 'weights.bin'), 'utf8');
  }

  test('keeps its stateful resources and all models, in both directions', async () => {
    store = storeUnderTest();
    folder = path.join(store.localAws.folder, 'upgrade');
    fs.mkdirSync(path.join(folder, 'model'), { recursive: true });
    fs.writeFileSync(path.join(folder, 'model', 'weights.bin'), 'weights');
    const released = rebuildLibrary({ folder: path.join(folder, 'released') });
    const next = rebuildLibrary({
      folder: path.join(folder, 'next'),
      change: (library) => {
        fs.appendFileSync(path.join(library, 'src/handlers/common/logger.ts'), '\nprocess.title = \'model store\';\n');
        fs.appendFileSync(path.join(library, 'src/handlers/logging-role/set-role-if-none.ts'), '\nprocess.title = \'logging role\';\n');
        replace(path.join(library, 'src/api/store-functions.ts'),
          'Signs URLs to download the files of a published version', 'Signs URLs to download files');
      },
    });

    store = await deploy(released);
    scientist = await inRole(store.localAws, await makePerson(store.localAws, 'upgrader', store.outputs.RoleArn));
    expect(await run('push', path.join(folder, 'model'), 'churn@1.0.0')).toBe(0);
    const before = await look();
    expect(before.lasting.size).toBeGreaterThan(30);
    // Upload, download, registry, and the function that sets the logging role of API Gateway.
    expect(before.code.size).toBe(4);

    store = await deploy(next);
    const after = await look();
    expect([...after.lasting]).toEqual([...before.lasting]);
    expect([...after.code].filter(([id, hash]) => before.code.get(id) === hash)).toEqual([]);
    expect(await pulled('churn@1.0.0')).toBe('weights');
    expect(await run('push', path.join(folder, 'model'), 'churn@1.0.1')).toBe(0);

    store = await deploy(released);
    expect(await look()).toEqual(before);
    expect(await pulled('churn@1.0.1')).toBe('weights');
    proves(MINISTACK, 'cloudformation.upgrade-keeps-data');
  });
});
