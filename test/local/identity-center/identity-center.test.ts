import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { assignPermissionSet, SignedIn } from './people';
import { stopLocalAws } from '../rig/local-aws';
import { startLocalStore, type LocalStore } from '../rig/local-store';
import { deliverLogs } from '../rig/recorder/start-recorder';

const JANE = 'jane.doe@example.com';
const [SUFFIX, NEXT_SUFFIX] = ['0123456789abcdef', 'fedcba9876543210'];

describe('Jane, who signs in with IAM Identity Center', () => {
  let store: LocalStore;
  let jane: SignedIn;

  beforeAll(async () => {
    store = await startLocalStore({ purpose: 'identity-center', app: 'identity-center-app.ts', recorded: true });
    jane = new SignedIn(store, path.join(store.localAws.folder, 'jane'));
    const model = path.join(store.localAws.folder, 'model');
    fs.mkdirSync(model);
    fs.writeFileSync(path.join(model, 'weights.bin'), randomBytes(100_000));

    // Statements that do not fit into one policy are in others.
    const policies = (role: string) => Object.entries(store.outputs).find(([name]) => name.includes(`${role}PolicyNames`))![1].split(',');
    const direct = await assignPermissionSet(store, `AWSReservedSSO_Models_${SUFFIX}`, { customerManaged: policies('DataScientist') });
    const assignedAgain = await assignPermissionSet(store, `AWSReservedSSO_Models_${NEXT_SUFFIX}`, { customerManaged: policies('DataScientist') });
    const hopping = await assignPermissionSet(store, `AWSReservedSSO_Research_${SUFFIX}`, {
      inline: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: [store.outputs.DataScientistRoleArn, store.outputs.TeamRoleArn] }],
      },
    });
    const auditing = await assignPermissionSet(store, `AWSReservedSSO_Audit_${SUFFIX}`, { customerManaged: policies('Auditor') });
    await jane.signIn('models', direct, JANE);
    await jane.signIn('models-again', assignedAgain, JANE);
    await jane.signIn('research', hopping, JANE);
    await jane.signIn('audit', auditing, 'vera@example.com');
    jane.configure(`[profile named]\nrole_arn = ${store.outputs.DataScientistRoleArn}\nsource_profile = research\nrole_session_name = ${JANE}`);
    jane.configure(`[profile unnamed]\nrole_arn = ${store.outputs.DataScientistRoleArn}\nsource_profile = research`);
    jane.configure(`[profile as-grace]\nrole_arn = ${store.outputs.DataScientistRoleArn}\nsource_profile = research\nrole_session_name = grace@example.com`);
    jane.configure(`[profile unnamed-team]\nrole_arn = ${store.outputs.TeamRoleArn}\nsource_profile = research\nrole_session_name = botocore-session-1795000000`);
  });

  afterAll(async () => {
    if (store !== undefined) {
      await stopLocalAws(store.localAws, { remove: true });
    }
  });

  async function run(profile: string, ...args: string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await jane.run(profile, ...args);
    expect([exitCode, exitCode === 0 ? '' : stderr]).toEqual([0, '']);
    return stdout;
  }

  /** Bytes and reads of each principal, as the auditor sees them. */
  async function egress(): Promise<Array<{ principal: string; bytes_out: number; reads: number }>> {
    await deliverLogs(store.localAws.recorder!);
    return JSON.parse(await run('audit', 'audit', 'query', 'egress-by-principal', '--json')).rows;
  }

  test('pushes and pulls with the permission set itself, and manifest and audit show her name', async () => {
    await run('models', 'push', '../model', 'direct@1');
    await run('models', 'pull', 'direct@1', 'pulled-directly');
    expect(JSON.parse(await run('models', 'show', 'direct@1', '--json')).manifest.createdBy)
      .toBe(`arn:aws:sts::${store.localAws.account}:assumed-role/AWSReservedSSO_Models_${SUFFIX}/${JANE}`);

    const rows = await egress();
    expect(rows.map(({ principal }) => principal)).toContain(`AWSReservedSSO_Models=${JANE}`);
  });

  test('stays one principal when the permission set is assigned to the account again', async () => {
    const before = (await egress()).map(({ principal }) => principal);
    await run('models-again', 'pull', 'direct@1', 'pulled-again');
    expect((await egress()).map(({ principal }) => principal)).toEqual(before);
  });

  test('pushes and pulls through role chaining with role_session_name, and manifest and audit show her name', async () => {
    await run('named', 'push', '../model', 'hop@1');
    await run('named', 'pull', 'hop@1', 'pulled-by-hop');
    expect(JSON.parse(await run('named', 'show', 'hop@1', '--json')).manifest.createdBy).toMatch(new RegExp(`assumed-role/ModelScientist/${JANE}$`));

    expect((await egress()).map(({ principal }) => principal)).toContain(`ModelScientist=${JANE}`);
  });

  test('keeps her name through role chaining without it, because the command line chooses the name that the trust policy requires', async () => {
    await run('unnamed', 'push', '../model', 'unnamed@1');
    expect(JSON.parse(await run('unnamed', 'show', 'unnamed@1', '--json')).manifest.createdBy).toMatch(new RegExp(`assumed-role/ModelScientist/${JANE}$`));
  });

  test('is refused by STS for role chaining under the name of another person', async () => {
    const { exitCode, stderr } = await jane.run('as-grace', 'list');
    expect(exitCode).not.toBe(0);
    expect(stderr).toMatch(/AccessDenied|not authorized to perform/);
  });

  test('is rejected by the store if a role allows generated names, and is shown how to set the name', async () => {
    const { exitCode, stderr } = await jane.run('unnamed-team', 'pull', 'direct@1', 'never');
    expect(exitCode).toBe(6);
    expect(stderr).toMatch(/your session of the role Team is named "botocore-session-1795000000"/);
    expect(stderr).toContain('role_session_name');
  });
});
