import { Validations, type Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as cloudtrail from 'aws-cdk-lib/aws-cloudtrail';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { AuditTrail, type AuditTrailProps } from '../../src/audit/audit-trail';
import { TrailSource } from '../../src/audit/trail-source';
import { ArtifactBucket } from '../../src/storage/artifact-bucket';
import { LogArchive } from '../../src/storage/log-archive';
import { StoreParts } from '../access/support/store';
import { deployed } from '../storage/support/policies';
import { allowed, type Statement } from '../storage/support/policy-evaluator';

function deploy(
  props: Partial<AuditTrailProps> = {}, change: (audit: AuditTrail, store: StoreParts) => void = () => undefined,
) {
  const store = new StoreParts();
  const audit = new AuditTrail(
    store, 'Audit', { artifactBucket: store.artifactBucket, logArchive: store.logArchive, ...props },
  );
  change(audit, store);
  const template = Template.fromStack(store);
  const only = (type: string) => {
    const all = Object.values<any>(template.findResources(type));
    return all.length === 1 ? all[0] : undefined;
  };
  return {
    store, audit, template, trail: only('AWS::CloudTrail::Trail')?.Properties, logGroup: only('AWS::Logs::LogGroup'),
  };
}

const warnings = (stack: Stack) => Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(
  ({ entry }) => String(entry.data),
);

describe('the trail of the store, with default properties', () => {
  const { store, audit, template, trail, logGroup } = deploy();

  // [C-09] in docs/compliance.md
  test('records in every Region, with log file validation and encryption', () => {
    expect(trail).toMatchObject({
      IsLogging: true,
      EnableLogFileValidation: true,
      IsMultiRegionTrail: true,
      IncludeGlobalServiceEvents: true,
      TrailName: 'Store-Audit-59A8EE60',
      KMSKeyId: store.resolve(store.logArchive.encryptionKey!.keyArn),
      S3BucketName: store.resolve(store.logArchive.trailBucket.bucketName),
    });
    expect(trail.IsOrganizationTrail).toBeUndefined();
    expect(trail.EventSelectors).toBeUndefined();
  });

  test('is allowed by name in the log archive, and depends on that policy', () => {
    template.hasResourceProperties('AWS::S3::BucketPolicy', Match.objectLike({
      PolicyDocument: Match.objectLike({
        Statement: Match.arrayWith([Match.objectLike({
          Action: 's3:PutObject', Effect: 'Allow', Principal: { Service: 'cloudtrail.amazonaws.com' },
        })]),
      }),
    }));
    const [{ DependsOn: dependsOn }] = Object.values<any>(template.findResources('AWS::CloudTrail::Trail'));
    expect(dependsOn).toEqual(expect.arrayContaining([
      expect.stringMatching(/^LogsTrailBucketPolicy/), expect.stringMatching(/^AuditLogDeliveryRolePermissions/),
    ]));
  });

  test('writes to a log group with 400 days of retention and a rotated key, which is retained', () => {
    expect(logGroup).toMatchObject({ DeletionPolicy: 'Retain', Properties: { RetentionInDays: 400 } });
    const key = template.findResources('AWS::KMS::Key')[logGroup.Properties.KmsKeyId['Fn::GetAtt'][0]];
    expect(key).toMatchObject({ DeletionPolicy: 'Retain', Properties: { EnableKeyRotation: true } });
    expect(audit.logGroup).toBeInstanceOf(logs.LogGroup);
    expect(trail.CloudWatchLogsLogGroupArn).toEqual(store.resolve(audit.logGroup!.logGroupArn));
  });

  // [C-08] in docs/compliance.md
  test('selects reads and writes of models, reads and changes of logs, and management events, except uses of keys', () => {
    const arn = (bucket: s3.IBucket) => ({ 'Fn::Join': ['', [store.resolve(bucket.bucketArn), '/']] });
    expect(trail.AdvancedEventSelectors).toEqual([
      {
        Name: 'Reads and writes of model artifacts',
        FieldSelectors: [
          { Field: 'eventCategory', Equals: ['Data'] },
          { Field: 'resources.type', Equals: ['AWS::S3::Object'] },
          { Field: 'resources.ARN', StartsWith: [arn(store.artifactBucket.bucket)] },
        ],
      },
      {
        Name: 'Reads of the log archive',
        FieldSelectors: [
          { Field: 'eventCategory', Equals: ['Data'] },
          { Field: 'resources.type', Equals: ['AWS::S3::Object'] },
          { Field: 'readOnly', Equals: ['true'] },
          {
            Field: 'resources.ARN',
            StartsWith: [arn(store.logArchive.trailBucket), arn(store.logArchive.accessLogBucket)],
          },
        ],
      },
      {
        Name: 'Deletions and lock changes in the log archive',
        FieldSelectors: [
          { Field: 'eventCategory', Equals: ['Data'] },
          { Field: 'resources.type', Equals: ['AWS::S3::Object'] },
          {
            Field: 'eventName',
            Equals: ['DeleteObject', 'DeleteObjects', 'PutObjectRetention', 'PutObjectLegalHold', 'PutObjectAcl'],
          },
          {
            Field: 'resources.ARN',
            StartsWith: [arn(store.logArchive.trailBucket), arn(store.logArchive.accessLogBucket)],
          },
        ],
      },
      {
        Name: 'Write management events',
        FieldSelectors: [{ Field: 'eventCategory', Equals: ['Management'] }, { Field: 'readOnly', Equals: ['false'] }],
      },
      {
        // AssumeRole is one of them.
        Name: 'Read-only management events, except uses of KMS keys',
        FieldSelectors: [
          { Field: 'eventCategory', Equals: ['Management'] },
          { Field: 'readOnly', Equals: ['true'] },
          { Field: 'eventSource', NotEquals: ['kms.amazonaws.com'] },
        ],
      },
    ]);
  });

  test('allows CloudTrail to write only to its streams in this log group', () => {
    const policies = Object.values<any>(template.findResources('AWS::IAM::ManagedPolicy'));
    const statements = policies.flatMap(
      ({ Properties }) => deployed(template, Properties.PolicyDocument.Statement) as Statement[],
    )
      .map((statement) => ({ ...statement, Principal: '*' as const }));
    const group = logGroupArn(template, 'Audit');
    const may = (action: string, resource: string) => allowed(statements, { action, resource, context: {} });
    expect(may('logs:PutLogEvents', `${group}:log-stream:111122223333_CloudTrail_eu-central-1`)).toBe(true);
    expect(may('logs:CreateLogStream', `${group}:log-stream:111122223333_CloudTrail_eu-central-1_2`)).toBe(true);
    expect(may('logs:PutLogEvents', `${group}:log-stream:another`)).toBe(false);
    expect(may('logs:PutLogEvents', `${group}-2:log-stream:111122223333_CloudTrail_eu-central-1`)).toBe(false);
    expect(may(
      'logs:PutLogEvents', `${group}:log-stream:o-a1b2c3d4e5_111122223333_CloudTrail_eu-central-1`,
    )).toBe(false);
    expect(may('logs:DeleteLogStream', `${group}:log-stream:111122223333_CloudTrail_eu-central-1`)).toBe(false);
  });

  test('has no warnings', () => {
    expect(warnings(store)).toEqual([]);
  });
});

/** The log group of a construct, by its logical ID in the format of `deployed`. */
function logGroupArn(template: Template, construct: string): string {
  const logicalId = Object.keys(template.findResources('AWS::Logs::LogGroup')).find((id) => id.startsWith(construct))!;
  return `arn:aws:logs:eu-central-1:111122223333:log-group:${logicalId.toLowerCase()}`;
}

describe('the trail of the store, with given properties', () => {
  test('has the given name, Regions, retention, key and removal policy', () => {
    const store = new StoreParts();
    const encryptionKey = new kms.Key(store, 'LogKey');
    new AuditTrail(store, 'Audit', {
      artifactBucket: store.artifactBucket,
      logArchive: store.logArchive,
      encryptionKey,
      trailName: 'models',
      isMultiRegion: false,
      logRetention: logs.RetentionDays.ONE_MONTH,
    });
    const template = Template.fromStack(store);
    template.hasResourceProperties('AWS::CloudTrail::Trail', { TrailName: 'models', IsMultiRegionTrail: false });
    template.hasResourceProperties(
      'AWS::Logs::LogGroup', { RetentionInDays: 30, KmsKeyId: store.resolve(encryptionKey.keyArn) },
    );
    template.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: Match.objectLike({ Statement: Match.arrayWith([Match.objectLike({ Sid: 'AllowCloudWatchLogs' })]) }),
    });
    expect(Object.keys(template.findResources('AWS::KMS::Key')).filter((id) => id.startsWith('Audit'))).toEqual([]);
  });

  test('records the organization, and may write to its log streams', () => {
    const { trail, template } = deploy({ organizationId: 'o-a1b2c3d4e5' });
    expect(trail.IsOrganizationTrail).toBe(true);
    template.hasResourceProperties('AWS::IAM::ManagedPolicy', {
      PolicyDocument: Match.objectLike({ Statement: [
        Match.objectLike({ Resource: [Match.anyValue(), Match.objectLike({ 'Fn::Join': Match.anyValue() })] }),
      ] }),
    });
    expect(JSON.stringify(template.findResources('AWS::S3::BucketPolicy'))).toContain('AWSLogs/o-a1b2c3d4e5/*');
  });

  test('records no management events with NONE', () => {
    const { trail } = deploy({ managementEvents: cloudtrail.ReadWriteType.NONE });
    expect(JSON.stringify(trail.AdvancedEventSelectors)).not.toContain('Management');
  });

  test('records only write management events with WRITES', () => {
    const { trail } = deploy({ managementEvents: cloudtrail.ReadWriteType.WRITE_ONLY });
    expect(trail.AdvancedEventSelectors.slice(3).map(({ FieldSelectors }: any) => FieldSelectors)).toEqual([
      [{ Field: 'eventCategory', Equals: ['Management'] }, { Field: 'readOnly', Equals: ['false'] }],
    ]);
  });

  test('records the invocations of functions that are added later', () => {
    const { trail, store } = deploy({}, (audit, parts) => {
      const fn = new lambda.Function(parts, 'Fn', {
        runtime: lambda.Runtime.NODEJS_22_X, handler: 'index.handler',
        code: lambda.Code.fromInline('exports.handler = () => 1'),
      });
      audit.addFunction(new lambda.Alias(parts, 'Live', { aliasName: 'live', version: fn.currentVersion }));
      audit.addFunction(parts.functions.upload);
    });
    const fn = store.node.findChild('Fn') as lambda.Function;
    expect(trail.AdvancedEventSelectors[3]).toEqual({
      Name: 'Invocations of the functions of the store',
      FieldSelectors: [
        { Field: 'eventCategory', Equals: ['Data'] },
        { Field: 'resources.type', Equals: ['AWS::Lambda::Function'] },
        {
          Field: 'resources.ARN',
          Equals: [store.resolve(fn.functionArn), 'arn:aws:lambda:eu-central-1:111122223333:function:upload'],
        },
      ],
    });
  });

  test('warns if the archive is imported, with the required actions of its owner', () => {
    const { store } = deploy({}, () => undefined);
    const imported = LogArchive.fromLogArchiveAttributes(
      store, 'Imported', { trailBucketName: 'central-trail', accessLogBucketName: 'access-logs' },
    );
    new AuditTrail(
      store, 'Second', { artifactBucket: store.artifactBucket, logArchive: imported, trailName: 'models' },
    );
    expect(warnings(store)).toEqual([expect.stringContaining('must allow the trail models (with the property "trails" of its LogArchive, or with the statements in the output ')]);
  });
});

describe('an existing trail', () => {
  const logGroup = (store: StoreParts) => logs.LogGroup.fromLogGroupName(store, 'Central', 'central-trail');

  test('is not changed: the stack has no trail, log group or role', () => {
    const { audit, template } = deploy({ source: TrailSource.existing('central') });
    for (const type of ['AWS::CloudTrail::Trail', 'AWS::Logs::LogGroup', 'AWS::IAM::Role']) {
      template.resourceCountIs(type, 0);
    }
    expect(audit.trail).toBeUndefined();
    expect(audit.logGroup).toBeUndefined();
  });

  test('has an output with the required selectors as JSON', () => {
    const { template, store } = deploy(
      { source: TrailSource.existing('central'), managementEvents: cloudtrail.ReadWriteType.ALL },
      (audit, parts) => audit.addFunction(parts.functions.download),
    );
    const [, output] = Object.entries<any>(template.findOutputs('*')).find(
      ([id]) => id.startsWith('AuditRequiredEventSelectors'),
    )!;
    const selectors = JSON.parse(deployed(template, output.Value) as string);
    expect(selectors.map(({ Name }: any) => Name)).toEqual([
      'Reads and writes of model artifacts', 'Reads of the log archive',
      'Deletions and lock changes in the log archive',
      'Invocations of the functions of the store', 'Write management events',
      'Read-only management events, except uses of KMS keys',
    ]);
    const bucketArn = deployed(template, store.resolve(store.artifactBucket.bucket.bucketArn));
    expect(selectors[0].FieldSelectors[2]).toEqual({ Field: 'resources.ARN', StartsWith: [`${bucketArn}/`] });
    expect(output.Description).toBe('Advanced event selectors to add to the trail central');
  });

  test('is not required to record management events, which it is expected to do already', () => {
    const { template } = deploy({ source: TrailSource.existing('central') });
    const selectors = deployed(
      template,
      Object.values<any>(template.findOutputs('*')).find(({ Description }) => Description.includes('selectors')).Value,
    );
    expect(selectors).toContain('Deletions and lock changes in the log archive');
    expect(selectors).not.toContain('Management');
  });

  test('has a warning that can be acknowledged', () => {
    const { store } = deploy({ source: TrailSource.existing('central') });
    expect(warnings(store)).toEqual([expect.stringContaining('This stack does not change the trail central')]);
    const { store: acknowledged } = deploy({ source: TrailSource.existing('central') }, (audit) =>
      Validations.of(audit).acknowledge({ id: 'SecureModelArtifactStore::ExistingTrail', reason: 'put on 2026-11-20' }));
    expect(warnings(acknowledged)).toEqual([]);
  });

  test('provides its log group to alarms and auditors', () => {
    const store = new StoreParts();
    const central = logGroup(store);
    const audit = new AuditTrail(store, 'Audit', {
      artifactBucket: store.artifactBucket, logArchive: store.logArchive,
      source: TrailSource.existing('central', central),
    });
    expect(audit.logGroup).toBe(central);
  });
});

describe('no trail', () => {
  test('creates no resources and warns that reads are not recorded', () => {
    const { store, audit, template } = deploy({ source: TrailSource.none() });
    template.resourceCountIs('AWS::CloudTrail::Trail', 0);
    template.resourceCountIs('AWS::Logs::LogGroup', 0);
    expect(audit.logGroup).toBeUndefined();
    expect(warnings(store)).toEqual([
      expect.stringContaining('The store has no trail, so reads of models are not recorded'),
    ]);
  });
});

describe('a feedback loop', () => {
  const bucketName = 'models';
  const encryptionKeyArn = 'arn:aws:kms:eu-central-1:111122223333:key/models';

  test('is rejected: logs cannot be delivered to a bucket that is recorded', () => {
    const store = new StoreParts();
    const artifactBucket = ArtifactBucket.fromArtifactBucketAttributes(
      store, 'Models', { bucketName, encryptionKeyArn },
    );
    const logArchive = LogArchive.fromLogArchiveAttributes(
      store, 'Same', { trailBucketName: bucketName, accessLogBucketName: bucketName },
    );
    expect(() => new AuditTrail(store, 'Audit', { artifactBucket, logArchive })).toThrow(
      'AuditTrail at Store/Audit: logArchive.trailBucket and logArchive.accessLogBucket and artifactBucket are the same bucket');
  });

  test('is rejected even if the bucket name is a token', () => {
    const store = new StoreParts();
    const { bucketName: name } = store.logArchive.trailBucket;
    const artifactBucket = ArtifactBucket.fromArtifactBucketAttributes(
      store, 'Models', { bucketName: name, encryptionKeyArn },
    );
    expect(() => new AuditTrail(store, 'Audit', { artifactBucket, logArchive: store.logArchive })).toThrow(
      'AuditTrail at Store/Audit: logArchive.trailBucket and artifactBucket are the same bucket');
  });

  test('cannot be caused by deliveries: no selector matches writes to the log archive', () => {
    const { trail, store } = deploy({ managementEvents: cloudtrail.ReadWriteType.ALL });
    const selectors = trail.AdvancedEventSelectors as Array<{
      FieldSelectors: Array<{ Field: string; Equals?: string[] }>;
    }>;
    const about = (bucket: s3.IBucket) => {
      const arn = JSON.stringify(store.resolve(bucket.bucketArn));
      return selectors.filter((selector) => JSON.stringify(selector).includes(arn));
    };
    for (const bucket of [store.logArchive.trailBucket, store.logArchive.accessLogBucket]) {
      const [reads, changes, ...others] = about(bucket);
      expect(reads.FieldSelectors).toContainEqual({ Field: 'readOnly', Equals: ['true'] });
      const names = changes.FieldSelectors.find(({ Field }) => Field === 'eventName')!.Equals!;
      expect(names.length).toBeGreaterThan(0);
      expect(['PutObject', 'CopyObject', 'UploadPart', 'CompleteMultipartUpload'].filter(
        (delivery) => names.includes(delivery),
      )).toEqual([]);
      expect(others).toEqual([]);
    }
    for (const { FieldSelectors } of selectors) {
      const fields = FieldSelectors.map(({ Field }) => Field);
      const category = FieldSelectors.find(({ Field }) => Field === 'eventCategory')!.Equals;
      expect([category, fields.includes('resources.ARN')]).toEqual([category, category![0] === 'Data']);
    }
  });
});
