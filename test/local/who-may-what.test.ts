import { IAMClient, ListRolesCommand, type Role } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { clientConfiguration } from './rig/clients';
import { STACK_NAME } from './rig/stack-names';
import type { ApiCall } from './rig/store-api';
import { sample } from './support/sample';
import { TestBench, type Tester } from './support/tester';
import type { RouteName } from '../../src/contract/routes';
import { MINISTACK } from '../fidelity/engines';
import { proves } from '../fidelity/proves';

const file = sample('model.onnx', 1_000);

/** Calls of every route that return a status below 400 for permitted callers. */
const CALLS: Record<RouteName, (model: string) => ApiCall> = {
  beginUpload: (model) => ({ parameters: { model }, body: { files: [{ digest: file.digest, size: file.size }] } }),
  uploadLinks: (model) => ({ parameters: { model }, body: { links: [{ digest: file.digest, size: file.size }] } }),
  completeUpload: (model) => ({ parameters: { model }, body: { digest: file.digest, size: file.size, uploadId: 'none' } }),
  publish: (model) => ({ parameters: { model, version: '1.0.0' }, body: { files: [{ path: file.path, size: file.size, sha256: file.sha256, digest: file.digest }] } }),
  downloadLinks: (model) => ({ parameters: { model, version: '1.0.0' }, body: { paths: [file.path] } }),
  listSigningKeys: () => ({}),
  listModels: () => ({}),
  listVersions: (model) => ({ parameters: { model } }),
  showVersion: (model) => ({ parameters: { model, version: '1.0.0' } }),
  resolveReference: (model) => ({ parameters: { model, reference: '1.0.0' } }),
  listAliases: (model) => ({ parameters: { model } }),
  showAlias: (model) => ({ parameters: { model, alias: 'live' } }),
  moveAlias: (model) => ({ parameters: { model, alias: 'live' }, body: { version: '1.0.0' } }),
  // Another alias than the others show, because the calls are concurrent: a permitted caller gets unknown_alias.
  removeAlias: (model) => ({ parameters: { model, alias: 'none' }, body: {} }),
  aliasHistory: (model) => ({ parameters: { model, alias: 'live' } }),
};

const READ: RouteName[] = ['listVersions', 'showVersion', 'resolveReference', 'listAliases', 'showAlias', 'aliasHistory'];
const UPLOAD: RouteName[] = ['beginUpload', 'uploadLinks', 'completeUpload', 'publish'];

/** The routes that a caller has permission for: IAM denies with a 403; functions send all other responses. */
async function permittedRoutes(tester: Tester, model: string): Promise<RouteName[]> {
  const routes = Object.keys(CALLS) as RouteName[];
  const answers = await Promise.all(routes.map(async (route) => tester.call(route, CALLS[route](model))));
  return routes.filter((_, index) => answers[index].status !== 403).sort();
}

const sorted = (...routes: RouteName[]) => routes.sort();

describe('Permissions of the roles', () => {
  let bench: TestBench;
  let people: Record<'ada' | 'grace' | 'vera', Tester>;

  beforeAll(async () => {
    bench = new TestBench();
    const [ada, grace, vera] = await Promise.all([bench.as('dataScientist'), bench.as('pipeline'), bench.as('auditor')]);
    people = { ada, grace, vera };
    for (const model of ['fraud-cards', 'weather']) {
      await ada.push(model, '1.0.0', [file]);
      await grace.move(model, 'live', { version: '1.0.0' });
    }
  });
  afterAll(() => bench.close());

  describe('through the API', () => {
    // [C-06] in docs/compliance.md
    test('a data scientist can push and pull, but not promote', async () => {
      expect(await permittedRoutes(people.ada, 'weather'))
        .toEqual(sorted('listModels', 'listSigningKeys', 'downloadLinks', ...READ, ...UPLOAD));
      proves(MINISTACK, 'apigateway.iam.method-and-path');
    });

    // [C-06] in docs/compliance.md
    test('a pipeline can pull and promote, but not push', async () => {
      expect(await permittedRoutes(people.grace, 'weather'))
        .toEqual(sorted('listModels', 'listSigningKeys', 'downloadLinks', 'moveAlias', 'removeAlias', ...READ));
    });

    // [C-06] in docs/compliance.md
    test('an auditor can read manifests and aliases, but no models', async () => {
      expect(await permittedRoutes(people.vera, 'weather')).toEqual(sorted('listModels', 'listSigningKeys', ...READ));
    });
  });

  describe('without a grant', () => {
    test('a principal of the account calls no route, because the policy of the API allows nothing', async () => {
      const nobody = await bench.inGrantedRole('nobody', 'WithoutPermissionsRoleArn');

      expect(await permittedRoutes(nobody, 'weather')).toEqual([]);
      proves(MINISTACK, 'apigateway.iam.only-denies');
    });
  });

  describe('with a grant for fraud-* only', () => {
    const cases: [string, string, RouteName[]][] = [
      ['push', 'FraudUpload', [...UPLOAD, ...READ]],
      ['pull', 'FraudDownload', ['downloadLinks', ...READ]],
      ['promote', 'FraudPromote', ['moveAlias', 'removeAlias', ...READ]],
      ['audit', 'FraudAudit', READ],
    ];

    test.each(cases)('to %s: only that, and only for the models of the team', async (_, role, routes) => {
      const tester = await bench.inGrantedRole(`only-${role.toLowerCase()}`, `${role}RoleArn`);

      expect(await permittedRoutes(tester, 'fraud-cards')).toEqual(sorted('listSigningKeys', ...routes));
      // The keys of the store are the same for every model.
      expect(await permittedRoutes(tester, 'weather')).toEqual(['listSigningKeys']);
    });

    test('a name with only a similar prefix, or with the prefix elsewhere, is another model', async () => {
      const tester = await bench.inGrantedRole('sly', 'FraudUploadRoleArn');

      const models = ['frau', 'fraud', 'not-fraud-cards', 'fraudulent'];
      const answers = await Promise.all(models.map(async (model) => tester.call('beginUpload', CALLS.beginUpload(model))));

      expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
    });

    test('a path with an encoded slash in the model name does not reach another model', async () => {
      const tester = await bench.inGrantedRole('encoder', 'FraudUploadRoleArn');

      const answers = await Promise.all(['fraud-x/../weather', 'fraud-cards/uploads/../../weather', 'fraud-x%2f..%2fweather'].map(async (model) =>
        tester.call('beginUpload', CALLS.beginUpload(model))));

      for (const { status } of answers) {
        expect(status).toBeGreaterThanOrEqual(400);
        expect(status).toBeLessThan(500);
      }
    });

    test('a batch job can read the blobs of its team in S3, and no others', async () => {
      const job = await bench.inGrantedRole('batch', 'FraudDownloadRoleArn');

      const own = await job.s3('GET', `models/fraud-cards/blobs/sha256/${file.digest}`);
      const others = await job.s3('GET', `models/weather/blobs/sha256/${file.digest}`);
      const writing = await job.s3('PUT', `models/fraud-cards/blobs/sha256/${'1'.repeat(64)}`, { body: 'x', headers: { 'if-none-match': '*' } });

      expect([own.status, others.status, writing.status]).toEqual([200, 403, 403]);
    });
  });

  describe('bypassing the API', () => {
    // [C-05] in docs/compliance.md
    test('no role in the store can read, write, list or delete in S3', async () => {
      const blob = `models/weather/blobs/sha256/${file.digest}`;
      for (const tester of Object.values(people)) {
        const answers = await Promise.all([
          tester.s3('GET', blob),
          tester.s3('GET', 'models/weather/versions/1.0.0/manifest.json'),
          tester.s3('PUT', `models/weather/blobs/sha256/${'2'.repeat(64)}`, { body: 'x', headers: { 'if-none-match': '*' } }),
          tester.s3('GET', ''),
          tester.s3('DELETE', blob),
        ]);
        expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403]);
      }
      proves(MINISTACK, 's3.get.access-denied');
    });

    const asAda = {
      RoleSessionName: 'mallory',
      SourceIdentity: 'ada',
      Tags: [{ Key: 'caller', Value: 'ada' }, { Key: 'model', Value: 'weather' }, { Key: 'request-id', Value: '1' }, { Key: 'invocation-id', Value: '2' }],
    };

    /** The roles of the deployed store of one kind; other tests deploy further stores. */
    async function rolesNamed(pattern: RegExp): Promise<Role[]> {
      const { Roles: roles } = await new IAMClient(clientConfiguration(bench.store.localAws, bench.store.localAws.root))
        .send(new ListRolesCommand({ MaxItems: 1000 }));
      return roles!.filter(({ RoleName: name }) => name!.startsWith(`${STACK_NAME}-`) && pattern.test(name!));
    }

    test('not even an account administrator can assume the session roles of the functions', async () => {
      const administrator = await bench.inGrantedRole('mallory', 'AccountAdministratorRoleArn');
      const configuration = clientConfiguration(bench.store.localAws, administrator.credentials);
      const sessionRoles = await rolesNamed(/(Upload|Download|Registry)SessionRole/);
      expect(sessionRoles).toHaveLength(3);

      for (const { Arn: arn } of sessionRoles) {
        await expect(new STSClient(configuration).send(new AssumeRoleCommand({ RoleArn: arn, ...asAda })))
          .rejects.toMatchObject({ name: 'AccessDenied' });
      }
    });

    test.each(['Upload', 'Download', 'Registry'])('the execution role of the %s function cannot open sessions outside the function', async (name) => {
      const { localAws } = bench.store;
      const [executionRole] = await rolesNamed(new RegExp(`${name}ExecutionRole`));
      const [sessionRole] = await rolesNamed(new RegExp(`${name}SessionRole`));
      // The local AWS treats its root user as a service, so it passes the role to something that is not the function.
      const { Credentials: elsewhere } = await new STSClient(clientConfiguration(localAws, localAws.root))
        .send(new AssumeRoleCommand({ RoleArn: executionRole.Arn, RoleSessionName: 'elsewhere' }));
      const configuration = clientConfiguration(localAws, {
        accessKeyId: elsewhere!.AccessKeyId!, secretAccessKey: elsewhere!.SecretAccessKey!, sessionToken: elsewhere!.SessionToken!,
      });

      await expect(new STSClient(configuration).send(new AssumeRoleCommand({ RoleArn: sessionRole.Arn, ...asAda })))
        .rejects.toMatchObject({ name: 'AccessDenied' });
      proves(MINISTACK, 'lambda.source-function-arn');
    });

    test('not even an account administrator can write a manifest or move an alias directly', async () => {
      const administrator = await bench.inGrantedRole('trent', 'AccountAdministratorRoleArn');
      const once = { 'if-none-match': '*' };

      const answers = await Promise.all([
        administrator.s3('PUT', 'models/weather/versions/6.6.6/manifest.json', { body: '{}', headers: once }),
        administrator.s3('PUT', 'models/weather/aliases/shadow.json', { body: '{}', headers: once }),
        administrator.s3('PUT', 'models/weather/versions/1.0.0/manifest.json', { body: '{}' }),
        administrator.s3('PUT', `models/weather/blobs/sha256/${file.digest}`, { body: 'other bytes' }),
        administrator.s3('DELETE', 'models/weather/versions/1.0.0/manifest.json'),
      ]);

      expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403]);
    });
  });
});
