import type { Template } from './support/configurations';
import { lastRelease } from './support/recorded-release';
import { upgradeLosses } from './support/upgrade-losses';

const released = lastRelease().templates.default;
const cognito = lastRelease().templates.cognito;

const BUCKET = 'ModelsArtifactsBucketB4E127F5';
const KEY = 'ModelsArtifactsKey9E55BED5';
const SIGNING_KEY = 'ModelsSigningKey0B7CD7FE';

/** The losses of an upgrade after a careless change to the template. */
function lossesAfter(change: (resources: Record<string, any>) => void, before: Template = released): string[] {
  const after = structuredClone(before) as { Resources: Record<string, any> };
  change(after.Resources);
  return upgradeLosses(before, after);
}

function rename(resources: Record<string, any>, id: string, to: string): void {
  const text = JSON.stringify(resources).replaceAll(`"${id}"`, `"${to}"`);
  for (const name of Object.keys(resources)) {
    delete resources[name];
  }
  Object.assign(resources, JSON.parse(text));
}

describe('an upgrade that loses something is reported', () => {
  test('a bucket that is given a name', () => {
    expect(lossesAfter((resources) => { resources[BUCKET].Properties.BucketName = 'models'; })).toEqual(expect.arrayContaining([
      `${BUCKET} (AWS::S3::Bucket) would be replaced, because BucketName changed from nothing to "models"; `
      + 'at stake: the models, the evidence or the query results in it',
    ]));
  });

  test('a bucket whose policy would be deleted', () => {
    expect(lossesAfter((resources) => { resources[BUCKET].Properties.BucketName = 'models'; }).join('\n'))
      .toMatch(/^ModelsArtifactsBucketPolicy4232813A \(AWS::S3::BucketPolicy\) (would|could) be replaced, because Bucket changed/m);
  });

  test('a bucket whose logical ID changed: the old one is left behind, and an empty one is created', () => {
    const losses = lossesAfter((resources) => rename(resources, BUCKET, 'ModelsBucket00000000'));
    expect(losses.find((loss) => loss.startsWith(BUCKET))).toMatch(
      /^ModelsArtifactsBucketB4E127F5 \(AWS::S3::Bucket\) would be left behind and managed by nobody, because its logical id is gone \(of its type there are now: .*ModelsBucket00000000/);
  });

  test('a key that is replaced by another', () => {
    const losses = lossesAfter((resources) => rename(resources, KEY, 'ModelsArtifactsKey00000000'));
    expect(losses.find((loss) => loss.startsWith(`${KEY} `))).toContain('would be left behind and managed by nobody, because its logical id is gone');
    expect(losses.find((loss) => loss.startsWith(`${KEY} `))).toContain('at stake: access to everything it encrypted, and trust in everything it signed');
  });

  test('a key that is changed in place, which KMS rejects', () => {
    expect(lossesAfter((resources) => { resources[SIGNING_KEY].Properties.KeySpec = 'RSA_4096'; })).toEqual([
      `${SIGNING_KEY} (AWS::KMS::Key) could not be updated, because AWS refuses it: KeySpec changed from "${released.Resources[SIGNING_KEY].Properties.KeySpec}" `
      + 'to "RSA_4096"; at stake: access to everything it encrypted, and trust in everything it signed',
    ]);
  });

  test('a bucket that is no longer retained when the stack is deleted', () => {
    expect(lossesAfter((resources) => { resources[BUCKET].DeletionPolicy = 'Delete'; })).toEqual([
      `${BUCKET} (AWS::S3::Bucket) would not be kept any more, because DeletionPolicy changed from "Retain" to "Delete"; `
      + 'at stake: the models, the evidence or the query results in it',
    ]);
  });

  test('a policy under another logical ID, which would be left behind', () => {
    const losses = lossesAfter((resources) => rename(resources, 'ModelsArtifactsBucketPolicy4232813A', 'ModelsArtifactsPolicy00000000'));
    expect(losses).toEqual([expect.stringMatching(/^ModelsArtifactsBucketPolicy4232813A \(AWS::S3::BucketPolicy\) would be left behind.*because its logical id is gone/)]);
  });

  test('a log group that is removed', () => {
    const [id] = Object.entries(released.Resources).find(([, { Type }]) => Type === 'AWS::Logs::LogGroup')!;
    expect(lossesAfter((resources) => { delete resources[id]; })[0]).toMatch(/managed by nobody, because its logical id is gone.*at stake: the records in it$/);
  });

  test('a logical ID that is reused for another resource type', () => {
    const [topic] = Object.entries(released.Resources).find(([, { Type }]) => Type === 'AWS::SNS::Topic')!;
    expect(lossesAfter((resources) => { resources[topic] = { Type: 'AWS::SQS::Queue', Properties: {} }; })).toEqual([
      expect.stringMatching(/^ModelsMonitoringTopic\w+ \(AWS::SNS::Topic\) would be replaced, because its type changed to AWS::SQS::Queue/),
    ]);
  });

  test('a user pool in which users would sign in with another attribute', () => {
    const [pool] = Object.entries(cognito.Resources).find(([, { Type }]) => Type === 'AWS::Cognito::UserPool')!;
    expect(lossesAfter((resources) => { resources[pool].Properties.UsernameAttributes = ['phone_number']; }, cognito))
      .toEqual([expect.stringMatching(/could not be updated, because AWS refuses it: UsernameAttributes changed .* at stake: users, their passwords and MFA devices$/)]);
  });
});

describe('an upgrade that loses nothing is accepted', () => {
  test('the same template', () => {
    expect(lossesAfter(() => undefined)).toEqual([]);
  });

  test('changed settings, and new resources', () => {
    expect(lossesAfter((resources) => {
      resources[BUCKET].Properties.LifecycleConfiguration.Rules.push({ Id: 'another', Status: 'Enabled', ExpirationInDays: 3650 });
      resources[KEY].Properties.Description = 'Encrypts models';
      resources.AnotherBucket = { Type: 'AWS::S3::Bucket', Properties: {} };
    })).toEqual([]);
  });

  test('a renamed alarm, and the deployment of a changed API', () => {
    const deployment = Object.keys(released.Resources).find((id) => released.Resources[id].Type === 'AWS::ApiGateway::Deployment')!;
    expect(lossesAfter((resources) => {
      rename(resources, 'ModelsMonitoringApiLatency6C62FAF5', 'ModelsMonitoringApiLatency00000000');
      rename(resources, deployment, `${deployment.slice(0, -32)}${'0'.repeat(32)}`);
    })).toEqual([]);
  });
});
