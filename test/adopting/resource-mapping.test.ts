import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import * as path from 'node:path';
import { ApiAuthentication, SecureModelArtifactStore } from '../../src';
import { templateOf } from '../support/app';

const GUIDE = fs.readFileSync(path.join(__dirname, '../../docs/guides/adopt-existing.md'), 'utf8');

/** CloudFormation's published schemas, which @aws-cdk/cloudformation-diff compares templates by. */
const { loadAwsServiceSpecSync } = createRequire(require.resolve('@aws-cdk/cloudformation-diff'))('@aws-cdk/aws-service-spec') as {
  loadAwsServiceSpecSync(): { lookup(entity: 'resource', field: 'cloudFormationType', how: 'equals', type: string): Iterable<{ primaryIdentifier?: string[] }> };
};
const database = loadAwsServiceSpecSync();

function identifierOf(type: string): string[] {
  const [resource] = database.lookup('resource', 'cloudFormationType', 'equals', type);
  return resource.primaryIdentifier!;
}

const resources = templateOf((stack) => new SecureModelArtifactStore(stack, 'Models', {
  bucketName: 'acme-models', authentication: ApiAuthentication.cognito(),
})).toJSON().Resources as Record<string, { Type: string; DeletionPolicy?: string; Properties: Record<string, unknown> }>;

const table = Object.fromEntries([...GUIDE.matchAll(/^\| `(AWS::\w+::\w+)` \| `(\w+)` \|$/gm)].map(([, type, identifier]) => [type, identifier]));
const mapping = JSON.parse(/```json\n(\{[^`]*"BucketName"[^`]*)```/.exec(GUIDE)![1]) as Record<string, Record<string, string>>;

describe('the guide to importing resources', () => {
  test('maps the logical ids of a store with the id "Models" to their identifiers', () => {
    expect(Object.entries(mapping).map(([id, identifiers]) => [resources[id]?.Type, Object.keys(identifiers)])).toEqual([
      ['AWS::S3::Bucket', identifierOf('AWS::S3::Bucket')], ['AWS::KMS::Key', identifierOf('AWS::KMS::Key')],
    ]);
  });

  test('names the identifier of each type as CloudFormation\'s schemas do', () => {
    expect(Object.keys(table).length).toBeGreaterThan(4);
    expect(Object.entries(table)).toEqual(Object.keys(table).map((type) => [type, ...identifierOf(type)]));
  });

  test('lists every stateful, retained resource of a store', () => {
    const kept = Object.values(resources).filter(({ DeletionPolicy }) => DeletionPolicy === 'Retain').map(({ Type }) => Type);
    // What API Gateway writes logs with is kept for the account's other APIs; it holds nothing, and is made again.
    expect([...new Set(kept)].filter((type) => !(type in table))).toEqual(['AWS::IAM::Role']);
  });
});

describe('the template of a store', () => {
  const [bucketId] = Object.keys(mapping);

  test('lets CloudFormation find a bucket by its name and import it: the name is literal, and the bucket is retained', () => {
    expect(resources[bucketId]).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain', Properties: { BucketName: 'acme-models' } });
  });

  test('has bucket and key refer to no new resource, only to the log archive of another stack', () => {
    const referred = Object.keys(mapping).flatMap((id) =>
      [...JSON.stringify(resources[id].Properties).matchAll(/"(?:Ref|Fn::GetAtt)":\[?"([^"]+)"/g)].map(([, to]) => to));
    const yetToBeMade = referred.filter((to) => !to.startsWith('AWS::') && !(to in mapping));
    expect(yetToBeMade.filter((to) => !to.startsWith('ModelsLogArchiveAccessLogBucket'))).toEqual([]);
  });
});
