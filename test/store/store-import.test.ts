import { Match, type Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { type ISecureModelArtifactStore, SecureModelArtifactStore, type SecureModelArtifactStoreAttributes } from '../../src';
import { templateOf } from '../support/app';

const ATTRIBUTES: SecureModelArtifactStoreAttributes = {
  storeName: 'Quickstart-Models',
  bucketName: 'models-bucket',
  encryptionKeyArn: 'arn:aws:kms:eu-central-1:111122223333:key/11111111-2222-3333-4444-555555555555',
  restApiId: 'a1b2c3d4e5',
};

function policyOf(grant: (store: ISecureModelArtifactStore, role: iam.Role) => void, attributes = ATTRIBUTES): Template {
  return templateOf((stack) => {
    const role = new iam.Role(stack, 'Job', { assumedBy: new iam.ServicePrincipal('sagemaker.amazonaws.com') });
    grant(SecureModelArtifactStore.fromAttributes(stack, 'Models', attributes), role);
  }, { env: { account: '111122223333', region: 'eu-central-1' } });
}

describe('a store of another stack', () => {
  test('grants a training job to read one model and nothing else', () => {
    const template = policyOf((store, role) => store.grantDownload(role, ['churn']));
    template.hasResourceProperties('AWS::IAM::ManagedPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([Match.objectLike({
          Action: 's3:GetObject',
          Resource: [
            { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':s3:::models-bucket/models/churn/blobs/sha256/*']] },
            { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':s3:::models-bucket/models/churn/versions/*']] },
          ],
        })]),
      },
    });
  });

  test('grants calls of its API by path', () => {
    const text = JSON.stringify(policyOf((store, role) => store.grantUpload(role, ['fraud-*'])).findResources('AWS::IAM::ManagedPolicy'));
    expect(text).toContain('a1b2c3d4e5/v1/PUT/models/fraud-*/versions/*');
    expect(text).not.toContain('PUT/models/fraud-*/aliases');
  });

  test('lets whoever is granted anything find the store by name', () => {
    const text = JSON.stringify(policyOf((store, role) => store.grantPromote(role)).findResources('AWS::IAM::ManagedPolicy'));
    expect(text).toContain('parameter/secure-model-artifact-store/Quickstart-Models');
  });

  test('knows its URL', () => {
    policyOf((store) => expect(store.url).toContain('https://a1b2c3d4e5.execute-api.eu-central-1.'));
  });

  test('without an API is granted by invoking its functions', () => {
    const fn = (name: string) => `arn:aws:lambda:eu-central-1:111122223333:function:${name}`;
    const { restApiId: _, ...rest } = ATTRIBUTES;
    const attributes = { ...rest, uploadFunctionArn: fn('upload'), downloadFunctionArn: fn('download'), registryFunctionArn: fn('registry') };
    const text = JSON.stringify(policyOf((store, role) => store.grantUpload(role), attributes).findResources('AWS::IAM::ManagedPolicy'));
    expect(text).toContain('function:upload');
    expect(text).not.toContain('function:download');
  });

  test('without an API and functions grants nothing, and says what is missing', () => {
    const { restApiId: _, ...rest } = ATTRIBUTES;
    expect(() => policyOf((store, role) => store.grantUpload(role), rest)).toThrow(/neither an API nor functions/);
  });

  test('reacts to its events', () => {
    policyOf((store) => store.onAliasChanged('Changed', { alias: 'production' })).hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { detail: { bucket: { name: ['models-bucket'] } } },
    });
  });
});
