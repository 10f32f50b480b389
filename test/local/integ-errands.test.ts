import * as fs from 'node:fs';
import * as path from 'node:path';
import { CreateBucketCommand, DeleteBucketCommand, DeleteObjectCommand, PutBucketPolicyCommand, PutBucketVersioningCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { clientConfiguration } from './rig/clients';
import { localAwsEnvironment, type Credentials } from './rig/environment';
import { tryCommand } from './rig/run-command';
import { storeUnderTest } from './rig/store-under-test';
import { bundle, COMMAND_LINE } from '../integ/asset';
import type { ErrandResult } from '../integ/errand';
import { auditorTries, dataScientistTries, pipelineTries } from '../integ/errands';

/*
 * The integration test (test/integ) needs an AWS account; its functions do not. They run here as Lambda would run them,
 * so that only AWS itself remains untested.
 */

const store = storeUnderTest();
const folders: string[] = [];
afterAll(() => folders.forEach((folder) => fs.rmSync(folder, { recursive: true, force: true })));

async function run<T>(folder: string, credentials: Credentials, event: unknown, environment: NodeJS.ProcessEnv = {}): Promise<T> {
  folders.push(folder);
  const script = 'require("./index.js").handler(JSON.parse(process.argv[1])).then((result) => console.log(JSON.stringify(result)))';
  const { exitCode, stdout, stderr } = await tryCommand(process.execPath, ['-e', script, JSON.stringify(event)], {
    cwd: folder,
    env: {
      ...localAwsEnvironment(store.localAws, credentials),
      NODE_PATH: path.resolve(__dirname, '../../node_modules'),
      MODEL_STORE_URL: store.url,
      ...environment,
    },
  });
  if (exitCode !== 0) {
    throw new Error(stderr);
  }
  return JSON.parse(stdout) as T;
}

test('each user in the integration test has exactly the intended permissions', async () => {
  const people = bundle('people.lambda.ts', COMMAND_LINE);
  const { dataScientist, pipeline, auditor } = store.people;
  const roles = { dataScientist: dataScientist.roleArn, pipeline: pipeline.roleArn, auditor: auditor.roleArn };
  for (const [{ errand, result }, who] of [
    [dataScientistTries(roles), dataScientist], [pipelineTries(roles), pipeline], [auditorTries(roles), auditor],
  ] as const) {
    // Here the roles have their default trust policy, which requires a user to keep the user name.
    expect(await run<ErrandResult>(people, who.accessKey, { ...errand, person: who.name })).toMatchObject(result);
  }
});

test('the integration test empties its buckets for deletion, even if their policies allow deliveries', async () => {
  const s3 = new S3Client({ ...clientConfiguration(store.localAws, store.localAws.root), forcePathStyle: true });
  const Bucket = 'to-be-swept';
  try {
    await s3.send(new CreateBucketCommand({ Bucket }));
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
    for (const Body of ['one', 'two']) {
      await s3.send(new PutObjectCommand({ Bucket, Key: 'log', Body }));
    }
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'log' }));
    await s3.send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify({ Version: '2012-10-17', Statement: [{
      Effect: 'Allow', Principal: { Service: 'cloudtrail.amazonaws.com' }, Action: 's3:PutObject', Resource: `arn:aws:s3:::${Bucket}/*`,
    }] }) }));

    const properties = { bucketNames: [], logBucketNames: [Bucket] };
    const sweeper = bundle('sweeper.lambda.ts');
    const answer = await run(sweeper, store.localAws.root, { RequestType: 'Delete', PhysicalResourceId: 'sweeper', ResourceProperties: properties },
      { LATE_DELIVERIES_MILLISECONDS: '3' });

    expect(answer).toEqual({ PhysicalResourceId: 'sweeper' });
    await s3.send(new DeleteBucketCommand({ Bucket }));
  } finally {
    s3.destroy();
  }
});
