import { Lazy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Principals } from './support/principals';
import { StoreParts } from './support/store';
import { StoreGrants } from '../../src/access/grants';
import { aliasKey, blobKey, manifestKey, signatureKey } from '../../src/contract/keys';

const API = 'arn:aws:execute-api:eu-central-1:111122223333:abcde12345/v1';

/** A role of another stack, with a grant from a store. */
function granted(give: (grants: StoreGrants, role: iam.Role) => void, withApi = true) {
  const store = new StoreParts();
  const role = new iam.Role(store, 'BatchJob', { assumedBy: new iam.ServicePrincipal('sagemaker.amazonaws.com') });
  give(new StoreGrants({
    artifactBucket: store.artifactBucket,
    logArchive: store.logArchive,
    ...(withApi ? { api: store.api } : { functions: store.functions }),
  }), role);
  const principals = new Principals(store);
  const bucketArn = principals.resolve(store.artifactBucket.bucket.bucketArn);
  const keyArn = principals.resolve(store.artifactBucket.encryptionKey.keyArn);
  const throughS3 = { 'kms:ViaService': 's3.eu-central-1.amazonaws.com', 'kms:EncryptionContext:aws:s3:arn': bucketArn };
  const may = (action: string, resource: string, context = {}) => principals.may(role, action, resource, context);
  return { may, bucketArn, keyArn, throughS3, store, principals };
}

describe('a grant to download', () => {
  const { may, bucketArn, keyArn, throughS3 } = granted((grants, role) => grants.directRead(role, ['fraud-*']));
  const reads = (key: string) => may('s3:GetObject', `${bucketArn}/${key}`);

  test('reads blobs, manifests and signatures of its models in S3, for batch jobs', () => {
    expect(reads(blobKey('fraud-detector', 'a'.repeat(64)))).toBe(true);
    expect(reads(manifestKey('fraud-detector', '1.0.0'))).toBe(true);
    expect(reads(signatureKey('fraud-detector', '1.0.0'))).toBe(true);
    expect(may('kms:Decrypt', keyArn, throughS3)).toBe(true);
  });

  test('reads no other model', () => {
    expect(reads(blobKey('pricing', 'a'.repeat(64)))).toBe(false);
    expect(reads(blobKey('my-fraud-model', 'a'.repeat(64)))).toBe(false);
    expect(reads(manifestKey('fraud', '1.0.0'))).toBe(false);
  });

  test('gets presigned URLs through the API, only for its models', () => {
    expect(may('execute-api:Invoke', `${API}/POST/models/fraud-detector/versions/1.0.0/links`)).toBe(true);
    expect(may('execute-api:Invoke', `${API}/POST/models/pricing/versions/1.0.0/links`)).toBe(false);
    expect(may('execute-api:Invoke', `${API}/GET/models`)).toBe(false);
  });

  test('writes, lists and deletes nothing', () => {
    for (const action of ['s3:PutObject', 's3:DeleteObject', 's3:GetObjectVersion']) {
      expect(may(action, `${bucketArn}/${blobKey('fraud-detector', 'a'.repeat(64))}`)).toBe(false);
    }
    expect(may('s3:ListBucket', bucketArn)).toBe(false);
    expect(may('kms:GenerateDataKey', keyArn, throughS3)).toBe(false);
    expect(may('kms:Decrypt', keyArn)).toBe(false);
    for (const call of ['POST/models/fraud-detector/uploads', 'PUT/models/fraud-detector/versions/2', 'PUT/models/fraud-detector/aliases/production']) {
      expect(may('execute-api:Invoke', `${API}/${call}`)).toBe(false);
    }
  });
});

describe('a grant to upload', () => {
  const { may, bucketArn } = granted((grants, role) => grants.push(role, ['churn']));

  test('pushes and publishes its models through the API', () => {
    for (const call of ['POST/models/churn/uploads', 'POST/models/churn/uploads/links', 'POST/models/churn/uploads/complete', 'PUT/models/churn/versions/1']) {
      expect([call, may('execute-api:Invoke', `${API}/${call}`)]).toEqual([call, true]);
      expect(may('execute-api:Invoke', `${API}/${call.replace('churn', 'pricing')}`)).toBe(false);
    }
  });

  test('reads the signing keys of the store, although it lists no other models', () => {
    expect(may('execute-api:Invoke', `${API}/GET/signing-keys`)).toBe(true);
    expect(may('execute-api:Invoke', `${API}/GET/models`)).toBe(false);
  });

  test('gets no presigned URL to read, and has no access in S3', () => {
    expect(may('execute-api:Invoke', `${API}/POST/models/churn/versions/1/links`)).toBe(false);
    for (const action of ['s3:GetObject', 's3:PutObject']) {
      expect(may(action, `${bucketArn}/${blobKey('churn', 'a'.repeat(64))}`)).toBe(false);
    }
  });
});

describe('a grant to promote', () => {
  const { may } = granted((grants, role) => grants.promote(role));

  test('moves aliases and reads the versions that they point to, of every model', () => {
    for (const call of ['PUT/models/churn/aliases/production', 'GET/models/churn/aliases/production/history', 'GET/models', 'GET/models/churn/versions/1']) {
      expect([call, may('execute-api:Invoke', `${API}/${call}`)]).toEqual([call, true]);
    }
  });

  test('neither pushes nor pulls', () => {
    for (const call of ['PUT/models/churn/versions/1', 'POST/models/churn/uploads', 'POST/models/churn/versions/1/links']) {
      expect([call, may('execute-api:Invoke', `${API}/${call}`)]).toEqual([call, false]);
    }
  });
});

describe('a grant to audit', () => {
  test('reads manifests and logs', () => {
    const { may, store, principals } = granted((grants, role) => grants.audit(role));
    expect(may('execute-api:Invoke', `${API}/GET/models/churn/versions/1`)).toBe(true);
    expect(may('s3:GetObject', `${principals.resolve(store.logArchive.trailBucket.bucketArn)}/AWSLogs/1`)).toBe(true);
  });

  test('of some models reads their manifests and no logs', () => {
    const { may, store, principals } = granted((grants, role) => grants.audit(role, ['churn']));
    expect(may('execute-api:Invoke', `${API}/GET/models/churn/versions/1`)).toBe(true);
    expect(may('execute-api:Invoke', `${API}/GET/models/pricing/versions/1`)).toBe(false);
    expect(may('s3:GetObject', `${principals.resolve(store.logArchive.trailBucket.bucketArn)}/AWSLogs/1`)).toBe(false);
  });
});

describe('without an API', () => {
  test.each([['push', 'upload'], ['pull', 'download'], ['promote', 'registry']] as const)('%s invokes only the %s function', (grant, name) => {
    const { may, store } = granted((grants, role) => grants[grant](role), false);
    const invoked = Object.entries(store.functions).filter(([, { functionArn }]) => may('lambda:InvokeFunction', functionArn));
    expect(invoked.map(([each]) => each)).toEqual([name]);
  });

  test('a batch job still reads every model in S3', () => {
    const { may, bucketArn } = granted((grants, role) => grants.directRead(role), false);
    expect(may('s3:GetObject', `${bucketArn}/${blobKey('churn', 'a'.repeat(64))}`)).toBe(true);
    expect(may('s3:GetObject', `${bucketArn}/${aliasKey('churn', 'production')}`)).toBe(true);
  });

  test.each(['push', 'pull', 'directRead', 'promote'] as const)('permissions cannot be limited to a model, and %s warns about it', (grant) => {
    expect(() => granted((grants, role) => grants[grant](role, ['fraud-*']), false))
      .toThrow('  - models is set (fraud-*), but the store has no API: permission to invoke a function cannot be '
        + 'limited to some models; add an API to the store, or omit "models"');
  });
});

describe('a grant reports what is wrong', () => {
  const store = new StoreParts();
  const role = iam.Role.fromRoleArn(store, 'Somebody', 'arn:aws:iam::111122223333:role/somebody');
  const grants = new StoreGrants({ artifactBucket: store.artifactBucket, api: store.api });

  test('with model patterns: all of them at once', () => {
    expect(() => grants.push(role, ['Fraud', 'ok', '*-fraud', 'a/b', 'a..b', ''])).toThrow(
      'models[0] is "Fraud"; models[2] is "*-fraud"; models[3] is "a/b"; models[4] is "a..b"; models[5] is "": a model pattern is a name');
  });

  test.each([['fraud-*'], ['*'], ['a'], ['a'.repeat(128)]])('and not with %s', (model) => {
    expect(() => grants.push(role, [model])).not.toThrow();
  });

  test('with an empty list, which is not every model', () => {
    expect(() => grants.push(role, [])).toThrow('models is empty, which would grant nothing');
  });

  test('and accepts a model name that is known only at deployment', () => {
    expect(() => grants.push(role, [Lazy.string({ produce: () => 'churn' })])).not.toThrow();
  });

  test('when the store has no API or functions to call', () => {
    const bare = new StoreGrants({ artifactBucket: store.artifactBucket });
    expect(() => bare.push(role)).toThrow('cannot grant "push": the store has neither an API nor functions to invoke');
  });
});
