import * as fs from 'node:fs';
import * as path from 'node:path';
import { CfnOutput, CfnParameter, Fn, type Stack } from 'aws-cdk-lib';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import {
  type ISecureModelArtifactStore, LogArchive, SecureModelArtifactStore, type SecureModelArtifactStoreAttributes,
  type SecureModelArtifactStoreProps,
} from '../../src';
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
    grant(SecureModelArtifactStore.fromSecureModelArtifactStoreAttributes(stack, 'Models', attributes), role);
  }, { env: { account: '111122223333', region: 'eu-central-1' } });
}

describe('a store of another stack', () => {
  test('lets a training job read only one model', () => {
    const template = policyOf((store, role) => store.grantDirectRead(role, ['churn']));
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
    const text = JSON.stringify(policyOf((store, role) => store.grantPush(role, ['fraud-*'])).findResources('AWS::IAM::ManagedPolicy'));
    expect(text).toContain('a1b2c3d4e5/v1/PUT/models/fraud-*/versions/*');
    expect(text).not.toContain('PUT/models/fraud-*/aliases');
  });

  test('lets every grantee find the store by name', () => {
    const text = JSON.stringify(policyOf((store, role) => store.grantPromote(role)).findResources('AWS::IAM::ManagedPolicy'));
    expect(text).toContain('parameter/secure-model-artifact-store/Quickstart-Models');
  });

  test('knows its URL', () => {
    policyOf((store) => expect(store.url).toContain('https://a1b2c3d4e5.execute-api.eu-central-1.'));
  });

  test('without an API grants invocations of its functions', () => {
    const fn = (name: string) => `arn:aws:lambda:eu-central-1:111122223333:function:${name}`;
    const { restApiId: _, ...rest } = ATTRIBUTES;
    const attributes = { ...rest, uploadFunctionArn: fn('upload'), downloadFunctionArn: fn('download'), registryFunctionArn: fn('registry') };
    const text = JSON.stringify(policyOf((store, role) => store.grantPush(role), attributes).findResources('AWS::IAM::ManagedPolicy'));
    expect(text).toContain('function:upload');
    expect(text).not.toContain('function:download');
  });

  test('without an API and functions rejects grants, and names what is missing', () => {
    const { restApiId: _, ...rest } = ATTRIBUTES;
    expect(() => policyOf((store, role) => store.grantPush(role), rest)).toThrow(/neither an API nor functions/);
  });

  test('lets auditors read its logs, if their location is known', () => {
    const attributes = {
      ...ATTRIBUTES, trailBucketName: 'trail-bucket', accessLogBucketName: 'access-log-bucket',
      trailKeyArn: 'arn:aws:kms:eu-central-1:111122223333:key/66666666-7777-8888-9999-000000000000',
    };
    const text = JSON.stringify(policyOf((store, role) => store.grantAudit(role), attributes).findResources('AWS::IAM::ManagedPolicy'));
    expect(text).toContain(':s3:::trail-bucket/*');
    expect(text).toContain('key/66666666-7777-8888-9999-000000000000');
    expect(JSON.stringify(policyOf((store, role) => store.grantAudit(role)).toJSON())).not.toContain('trail-bucket');
  });

  test('adds nothing to the template until it is used', () => {
    expect(policyOf(() => undefined).toJSON().Parameters).toEqual({ BootstrapVersion: expect.anything() });
  });

  test('reacts to its events', () => {
    policyOf((store) => store.onAliasChanged('Changed', { alias: 'production' })).hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { detail: { bucket: { name: ['models-bucket'] } } },
    });
  });
});

describe('invalid attributes', () => {
  const wrong = (attributes: Partial<SecureModelArtifactStoreAttributes>) => () =>
    policyOf(() => undefined, { ...ATTRIBUTES, ...attributes });
  const fn = (name: string) => `arn:aws:lambda:eu-central-1:111122223333:function:${name}`;

  test.each<[string, Partial<SecureModelArtifactStoreAttributes>, RegExp]>([
    ['a name with a space', { storeName: 'my store' }, /storeName is "my store"; use 1 to 128 letters/],
    ['a URL for the id of the API', { restApiId: 'https://abc' }, /restApiId is "https:\/\/abc"; the ID of a REST API has/],
    ['a URL with a slash at its end', { url: 'https://models.example.com/' }, /url is "https:\/\/models.example.com\/"; .*neither a trailing slash/],
    ['a URL without TLS', { url: 'http://models.example.com' }, /starts with https:\/\//],
    ['a stage with a slash', { stageName: 'v1/' }, /stageName is "v1\/"/],
    ['an alias for the key', { encryptionKeyArn: 'alias/models' }, /encryptionKeyArn is "alias\/models"/],
    ['one bucket of the logs', { trailBucketName: 'trail-bucket' }, /trailBucketName is set without accessLogBucketName/],
    ['the other bucket of the logs', { accessLogBucketName: 'log-bucket' }, /accessLogBucketName is set without trailBucketName/],
    ['a key of no logs', { trailKeyArn: ATTRIBUTES.encryptionKeyArn }, /trailKeyArn is set without trailBucketName and accessLogBucketName/],
    ['an API and functions', { uploadFunctionArn: fn('upload') }, /restApiId is set together with uploadFunctionArn/],
    ['one function of three', { restApiId: undefined, uploadFunctionArn: fn('upload') },
      /uploadFunctionArn is set without downloadFunctionArn and registryFunctionArn/],
    ['the name of a function for its ARN', { restApiId: undefined, uploadFunctionArn: 'upload' }, /uploadFunctionArn is "upload"; the ARN of a function/],
  ])('%s', (_, attributes, message) => {
    expect(wrong(attributes)).toThrow(message);
  });

  test('a URL without the id of its API, which API Gateway\'s own URL contains', () => {
    expect(wrong({ restApiId: undefined, url: 'https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com/v1' }))
      .toThrow(/url is set without restApiId, which permissions to call the API refer to; set restApiId: "a1b2c3d4e5"/);
    expect(wrong({ restApiId: undefined, url: 'https://models.example.com' })).toThrow(/set it to the output RestApiId/);
  });

  test('are all reported at once', () => {
    expect(wrong({ storeName: 'my store', restApiId: 'https://abc' })).toThrow(/my store(.|\n)*https:\/\/abc/);
  });

  test('unless they are only known at deployment', () => {
    expect(wrong({ storeName: Fn.importValue('name'), restApiId: Fn.importValue('id'), url: Fn.importValue('url') })).not.toThrow();
  });
});

type Resources = { readonly [id: string]: { readonly Type: string; readonly Properties: any } };

/** The values of a store's parameters in Systems Manager, by name. */
function publishedBy(props?: SecureModelArtifactStoreProps): Map<string, unknown> {
  const template = templateOf((stack) => new SecureModelArtifactStore(stack, 'Models', { storeName: 'models', ...props }));
  return new Map(Object.values(template.findResources('AWS::SSM::Parameter') as Resources)
    .map(({ Properties }) => [Properties.Name, Properties.Value]));
}

/** The parameters in Systems Manager that the template of a stack reads when it is deployed. */
function readBy(use: (store: ISecureModelArtifactStore, role: iam.Role, stack: Stack) => void, { api } = { api: true }): string[] {
  const template = templateOf((stack) => {
    const role = new iam.Role(stack, 'Job', { assumedBy: new iam.ServicePrincipal('sagemaker.amazonaws.com') });
    const store = api
      ? SecureModelArtifactStore.fromStoreName(stack, 'Store', 'models')
      : SecureModelArtifactStore.fromStoreNameWithoutApi(stack, 'Store', 'models');
    use(store, role, stack);
  });
  return Object.values<{ Type: string; Default: string }>(template.toJSON().Parameters)
    .filter(({ Default }) => Default.startsWith('/secure-model-artifact-store/'))
    .map(({ Type, Default }) => {
      expect(Type).toBe('AWS::SSM::Parameter::Value<String>');
      return Default;
    });
}

/** A policy as it reads once it is deployed, with `?` for what CloudFormation fills in. */
function written(value: any): any {
  if (Array.isArray(value)) {
    return value.map(written);
  }
  if (value === null || typeof value !== 'object') {
    return value;
  }
  const [[name, content] = [], ...more] = Object.entries<any>(value);
  if (more.length === 0) {
    switch (name) {
      case 'Ref': return /^StoreDescription/.test(content) ? '/secure-model-artifact-store/models' : '?';
      case 'Fn::GetAtt': return /^StoreArtifactsBucket/.test(content[0]) ? 'arn:?:s3:::?' : '?';
      case 'Fn::Join': return content[1].map(written).join('');
    }
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, written(item)]));
}

describe('a store by its name', () => {
  const grants: Array<[string, (store: ISecureModelArtifactStore, role: iam.Role) => unknown]> = [
    ['push', (store, role) => store.grantPush(role)],
    ['pull', (store, role) => store.grantDirectRead(role)],
    ['pull through links', (store, role) => store.grantPull(role)],
    ['promote', (store, role) => store.grantPromote(role)],
    ['audit', (store, role) => store.grantAudit(role)],
    ['react to versions', (store) => store.onVersionPublished('Published')],
    ['call its URL', (store) => new CfnOutput(store, 'Url', { value: store.url! })],
  ];

  test.each(grants)('reads nothing that the store does not publish: %s', (_, use) => {
    const published = publishedBy();
    const read = readBy((store, role) => { use(store, role); });
    expect(read).toContain('/secure-model-artifact-store/models/bucket-name');
    expect(read.filter((name) => !published.has(name))).toEqual([]);
  });

  test.each(grants.slice(0, 5))('reads nothing that a store without an API does not publish: %s', (_, use) => {
    const published = publishedBy({ api: false });
    expect(readBy((store, role) => { use(store, role); }, { api: false }).filter((name) => !published.has(name))).toEqual([]);
  });

  test('reads no parameter for auditors that a store with an imported log archive of unknown key does not publish', () => {
    const published = new Map<string, unknown>();
    const template = templateOf((stack) => new SecureModelArtifactStore(stack, 'Models', {
      storeName: 'models',
      audit: {
        logArchive: LogArchive.fromLogArchiveAttributes(stack, 'Logs', { trailBucketName: 'central-trail', accessLogBucketName: 'central-access-logs' }),
      },
    }));
    for (const { Properties } of Object.values(template.findResources('AWS::SSM::Parameter') as Resources)) {
      published.set(Properties.Name, Properties.Value);
    }
    const read = readBy((store, role) => store.grantAudit(role));
    expect(read).toContain('/secure-model-artifact-store/models/trail-key-arn');
    expect(read.filter((name) => !published.has(name))).toEqual([]);
    expect(JSON.stringify(published.get('/secure-model-artifact-store/models/trail-key-arn')))
      .toMatch(/:kms:.*:key\/00000000-0000-0000-0000-000000000000/);
  });

  test('reads the locations of the logs only for auditors', () => {
    const logs = (name: string) => /trail|access-log/.test(name);
    expect(readBy((store, role) => store.grantDirectRead(role)).filter(logs)).toEqual([]);
    expect(readBy((store, role) => store.grantAudit(role)).filter(logs)).toHaveLength(3);
  });

  test('grants exactly the same permissions as the store itself', () => {
    const statementsOf = (make: (stack: Stack) => ISecureModelArtifactStore) => {
      const template = templateOf((stack) => {
        const role = new iam.Role(stack, 'Job', { assumedBy: new iam.ServicePrincipal('sagemaker.amazonaws.com') });
        make(stack).grantDirectRead(role, ['fraud-*']);
      }, { env: { account: '111122223333', region: 'eu-central-1' } });
      const [[, policy]] = Object.entries(template.findResources('AWS::IAM::ManagedPolicy') as Resources).filter(([id]) => id.startsWith('Job'));
      return written(policy.Properties.PolicyDocument);
    };
    expect(statementsOf((stack) => SecureModelArtifactStore.fromStoreName(stack, 'Store', 'models')))
      .toEqual(statementsOf((stack) => new SecureModelArtifactStore(stack, 'Store', { storeName: 'models' })));
  });

  test('can be named when the stack is deployed', () => {
    const template = templateOf((stack) => {
      const name = new CfnParameter(stack, 'Name').valueAsString;
      const role = new iam.Role(stack, 'Job', { assumedBy: new iam.ServicePrincipal('sagemaker.amazonaws.com') });
      SecureModelArtifactStore.fromStoreName(stack, 'Store', name).grantDirectRead(role);
    });
    expect(JSON.stringify(template.findResources('AWS::IAM::ManagedPolicy')))
      .toContain('{{resolve:ssm:/secure-model-artifact-store/\",{\"Ref\":\"Name\"},\"/bucket-name}}'.replaceAll('\\', ''));
  });

  test('is rejected with an invalid name', () => {
    expect(() => readBy(() => undefined)).not.toThrow();
    expect(() => templateOf((stack) => SecureModelArtifactStore.fromStoreName(stack, 'Store', 'my store'))).toThrow(/storeName is "my store"/);
  });
});

describe('the outputs of a store', () => {
  const namesOf = (props?: SecureModelArtifactStoreProps) => {
    const template = templateOf((stack) => new SecureModelArtifactStore(stack, 'Models', props));
    return Object.keys(template.toJSON().Outputs).map((id) => /^Models(\w+?)[0-9A-F]{8}$/.exec(id)![1]);
  };
  const source = fs.readFileSync(path.join(__dirname, '../../src/store/attributes.ts'), 'utf8');
  const promised = [...source.matchAll(/output `(\w+)`/g)].map(([, name]) => name);

  test('have every attribute of a store with an API, and of one without, under the documented name', () => {
    const all = new Set([...namesOf(), ...namesOf({ api: false })]);
    expect(promised).toHaveLength(11);
    expect(promised.filter((name) => !all.has(name))).toEqual([]);
  });

  test('are published for other stacks too, except the names that only users need', () => {
    const values = [...publishedBy().values(), ...publishedBy({ api: false }).values()].map((value) => JSON.stringify(value));
    const template = templateOf((stack) => new SecureModelArtifactStore(stack, 'Models', { storeName: 'models' })).toJSON();
    const unpublished = Object.entries<{ Value: unknown }>(template.Outputs)
      .filter(([, { Value }]) => !values.includes(JSON.stringify(Value))).map(([id]) => /^Models(\w+?)[0-9A-F]{8}$/.exec(id)![1]);
    expect(unpublished).toEqual([
      'StoreName', 'SigningKeyArn', 'DataScientistRoleArn', 'PipelineRoleArn', 'AuditorRoleArn', 'AuditWorkGroupName', 'AlarmTopicArn',
    ]);
  });
});
