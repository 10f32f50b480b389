import * as fs from 'node:fs';
import * as path from 'node:path';
import { deployApp } from '../rig/deploy';
import type { Credentials } from '../rig/environment';
import { localUrl, type LocalStore } from '../rig/local-store';
import { modelStore, modelStoreJson } from '../rig/model-store';
import { PROJECT_ROOT, TSX_CLI } from '../rig/paths';
import { inRole, makePerson } from '../rig/people';
import { storeUnderTest } from '../rig/store-under-test';

const DONE = 0;
const NOT_PERMITTED = 6;

describe('examples/team-isolation, deployed', () => {
  let store: LocalStore;
  let folder: string;
  let fraud: Required<Credentials>;
  let pricing: Required<Credentials>;

  const as = async (who: Credentials, ...args: string[]) => (await modelStore(store, who, args)).exitCode;
  const member = async (name: string, roleArn: string) => inRole(store.localAws, await makePerson(store.localAws, name, roleArn));

  beforeAll(async () => {
    const first = storeUnderTest();
    folder = path.join(first.localAws.folder, 'team-isolation');
    fs.mkdirSync(path.join(folder, 'model'), { recursive: true });
    fs.writeFileSync(path.join(folder, 'model', 'weights.bin'), 'weights');
    const command = ['node', path.relative(PROJECT_ROOT, TSX_CLI), path.relative(PROJECT_ROOT, path.join(__dirname, 'team-isolation-app.ts'))].join(' ');
    const { outputs: { TeamIsolation: outputs }, leftOut } = await deployApp({ ...first.localAws, folder }, command);
    store = { ...first, url: localUrl(first.localAws, outputs.StoreUrl), outputs, leftOut };
    fraud = await member('frida', outputs.FraudTeamRoleArn);
    pricing = await member('piet', outputs.PricingTeamRoleArn);
  });

  test('each team pushes, promotes and pulls its own models', async () => {
    const model = path.join(folder, 'model');

    for (const [who, name] of [[fraud, 'fraud-scorer'], [pricing, 'pricing-elasticity']] as const) {
      expect(await as(who, 'push', model, `${name}@1.0.0`)).toBe(DONE);
      expect(await as(who, 'promote', `${name}@1.0.0`, 'production')).toBe(DONE);
      expect(await as(who, 'pull', `${name}@production`, path.join(folder, name))).toBe(DONE);
      expect(fs.readFileSync(path.join(folder, name, 'weights.bin'), 'utf8')).toBe('weights');
    }
  });

  test('no team can push, promote, pull or see the models of another', async () => {
    expect(await as(fraud, 'push', path.join(folder, 'model'), 'pricing-elasticity@1.0.1')).toBe(NOT_PERMITTED);
    expect(await as(fraud, 'promote', 'pricing-elasticity@1.0.0', 'production')).toBe(NOT_PERMITTED);
    expect(await as(fraud, 'pull', 'pricing-elasticity@production', path.join(folder, 'theirs'))).toBe(NOT_PERMITTED);
    expect(await as(fraud, 'show', 'pricing-elasticity@1.0.0')).toBe(NOT_PERMITTED);
    expect(await as(fraud, 'list', 'pricing-elasticity')).toBe(NOT_PERMITTED);
    expect(fs.existsSync(path.join(folder, 'theirs', 'weights.bin'))).toBe(false);
  });

  test('no team can list all models', async () => {
    expect(await as(fraud, 'list')).toBe(NOT_PERMITTED);
    expect(await modelStoreJson<{ versions: unknown[] }>(store, fraud, ['list', 'fraud-scorer'])).toMatchObject({ versions: [expect.anything()] });
  });
});
