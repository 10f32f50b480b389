import { Duration, Size } from 'aws-cdk-lib';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { LogArchive, SecureModelArtifactStore, type SecureModelArtifactStoreProps, TrailSource } from '../../src';
import { auditQueries } from '../../src/audit/audit-queries';
import { templateOf } from '../support/app';

function storeTemplate(props?: SecureModelArtifactStoreProps): Template {
  return templateOf((stack) => new SecureModelArtifactStore(stack, 'Models', props));
}

function propertiesOf(template: Template, type: string): Array<Record<string, any>> {
  return Object.values(template.findResources(type)).map(({ Properties }) => Properties);
}

/** The value of the description, with references as `{LogicalId}`. */
function auditDescription(template: Template): any {
  const [parameter] = propertiesOf(template, 'AWS::SSM::Parameter').filter(({ Name }) => Name.endsWith('/audit'));
  const parts: unknown[] = parameter.Value['Fn::Join'][1];
  return JSON.parse(parts.map((part) => (typeof part === 'string' ? part : `{${(part as { Ref: string }).Ref ?? 'attribute'}}`)).join(''));
}

/** Which roles have a statement about something whose JSON holds this text. */
function rolesThatMay(template: Template, text: string): string[] {
  return propertiesOf(template, 'AWS::IAM::ManagedPolicy')
    .filter(({ PolicyDocument }) => JSON.stringify(PolicyDocument).includes(text))
    .flatMap(({ Roles }) => Roles.map(({ Ref }: { Ref: string }) => Ref));
}

describe('the named queries of a store', () => {
  const template = storeTemplate();

  test('all exist, in a dedicated workgroup', () => {
    expect(propertiesOf(template, 'AWS::Athena::NamedQuery').map(({ Name }) => Name).sort()).toEqual(auditQueries().map(({ name }) => name).sort());
    template.resourceCountIs('AWS::Athena::WorkGroup', 1);
  });

  test('can be run only by the auditor among the store\'s roles', () => {
    for (const action of ['athena:StartQueryExecution', 'glue:GetTable']) {
      expect(new Set(rolesThatMay(template, action))).toEqual(new Set([expect.stringMatching(/^ModelsRolesAuditor/)]));
    }
  });

  test('can be run with a grant to audit the whole store, and not with one for some models', () => {
    const granted = templateOf((stack) => {
      const store = new SecureModelArtifactStore(stack, 'Models');
      store.grantAudit(new iam.Role(stack, 'Compliance', { assumedBy: new iam.AccountRootPrincipal() }));
      store.grantAudit(new iam.Role(stack, 'Team', { assumedBy: new iam.AccountRootPrincipal() }), ['fraud-*']);
    });
    const asking = Object.values(granted.findResources('AWS::IAM::ManagedPolicy'))
      .filter(({ Properties }) => JSON.stringify(Properties).includes('athena:StartQueryExecution'));

    // The store's own auditor asks too.
    expect(asking.map(({ Properties }) => Properties.Roles[0].Ref).sort())
      .toEqual([expect.stringMatching(/^Compliance/), expect.stringMatching(/^ModelsRolesAuditor/)]);
    expect(JSON.stringify(granted.findResources('AWS::IAM::ManagedPolicy', { Properties: { Description: 'Permissions of Test/Compliance' } })))
      .toContain('AuditDescription');
  });

  test('know the store\'s sessions and its auditor', () => {
    const settings = JSON.stringify(propertiesOf(template, 'AWS::Glue::Table').find(({ TableInput }) => TableInput.Name === 'audit_settings'));
    for (const id of ['ModelsSessionRolesUploadSession', 'ModelsSessionRolesDownloadSession', 'ModelsSessionRolesRegistrySession', 'ModelsRolesAuditor']) {
      expect(settings).toContain(id);
    }
  });

  test('reach as far back as logs are kept', () => {
    storeTemplate({ retention: { logs: Duration.days(2555) } }).hasResourceProperties('AWS::Glue::Table', {
      TableInput: { Name: 'trail_records', Parameters: Match.objectLike({ 'projection.day.range': 'NOW-2555DAYS,NOW' }) },
    });
  });

  test('name the callers of the functions if there is no API', () => {
    const invocations = (from: Template) => JSON.stringify(
      propertiesOf(from, 'AWS::Glue::Table').find(({ TableInput }) => TableInput.Name === 'invocations'),
    );
    expect(invocations(storeTemplate({ api: false }))).not.toEqual(invocations(template));
  });

  test.each<[string, SecureModelArtifactStoreProps]>([
    ['switched off', { audit: { analytics: { enabled: false } } }],
    ['about nothing, without a trail', { audit: { trail: TrailSource.none() } }],
  ])('are left out with everything they need if they are %s', (_, props) => {
    const without = storeTemplate(props);
    for (const type of ['AWS::Athena::WorkGroup', 'AWS::Athena::NamedQuery', 'AWS::Glue::Database']) {
      without.resourceCountIs(type, 0);
    }
    without.resourceCountIs('AWS::S3::Bucket', 3);
    expect(Object.values(without.findResources('AWS::SSM::Parameter')).map(({ Properties }) => Properties.Name)).not.toContain('/secure-model-artifact-store/Test-Models/audit');
  });

  test('cannot be configured and disabled at the same time', () => {
    expect(() => storeTemplate({ audit: { analytics: { enabled: false, scanLimit: Size.gibibytes(1) } } }))
      .toThrow(/audit\.analytics\.scanLimit configures the named queries, but audit\.analytics\.enabled is false/);
  });
});

describe('the description by which an auditor\'s tools find the evidence', () => {
  test('is a separate parameter, which only the auditor can read', () => {
    const template = storeTemplate({ storeName: 'models' });

    template.hasResourceProperties('AWS::SSM::Parameter', { Name: '/secure-model-artifact-store/models/audit', Tier: 'Intelligent-Tiering' });
    const [id] = Object.keys(template.findResources('AWS::SSM::Parameter', { Properties: { Name: '/secure-model-artifact-store/models/audit' } }));
    expect(rolesThatMay(template, `{"Ref":"${id}"}`)).toEqual([expect.stringMatching(/^ModelsRolesAuditor/)]);
  });

  test('contains the location of the logs and the settings of Athena', () => {
    expect(auditDescription(storeTemplate())).toMatchObject({
      schemaVersion: 1,
      region: '{AWS::Region}',
      trail: {
        bucketName: expect.stringMatching(/^\{ModelsLogArchiveTrailBucket/),
        accounts: ['{AWS::AccountId}'],
        regions: ['{AWS::Region}'],
        trailArn: expect.stringMatching(/^arn:\{AWS::Partition\}:cloudtrail:\{AWS::Region\}:\{AWS::AccountId\}:trail\/Test-?Models/),
      },
      accessLogs: {
        bucketName: expect.stringMatching(/^\{ModelsLogArchiveAccessLogBucket/),
        prefix: expect.stringMatching(/^artifact-bucket\/\{AWS::AccountId\}\/\{AWS::Region\}\/\{ModelsArtifactsBucket\w+\}\/$/),
      },
      athena: { workGroup: expect.stringContaining('Analytics'), database: expect.stringContaining('analytics') },
    });
  });

  test('contains the settings of the queries, like a settings file', () => {
    const { settings } = auditDescription(storeTemplate({
      network: { perimeter: { cidrs: ['203.0.113.0/24'], vpcEndpointIds: ['vpce-1a2b3c4d5e6f7a8b9'] } },
      audit: { analytics: { businessHours: { days: [0, 1, 2, 3, 4], startHour: 8 }, thresholds: { bulkEgress: Size.gibibytes(1) } } },
    }));

    expect(settings).toMatchObject({
      artifact_bucket: expect.stringMatching(/^\{ModelsArtifactsBucket/),
      perimeter_networks: ['203.0.113.0/24'],
      perimeter_vpc_endpoints: ['vpce-1a2b3c4d5e6f7a8b9'],
      business_days: '01234',
      business_start_hour: 8,
      bulk_egress_bytes: 1024 ** 3,
      repeated_denials: 5,
    });
    expect(settings.session_role_arns).toHaveLength(3);
    expect(settings.function_role_arns).toHaveLength(3);
    expect(settings.watched_resources).toEqual(expect.arrayContaining([
      expect.stringMatching(/^Test-?Models-?AuditTrail/), expect.stringMatching(/^\{ModelsArtifactsKey/), expect.stringMatching(/^\{ModelsRolesAuditor/),
      expect.stringMatching(/^\{ModelsFunctionsUpload/), expect.stringMatching(/^\{ModelsApi/),
      // The questions themselves.
      expect.stringMatching(/^test_models_analytics/), expect.stringMatching(/^Test-Models-Analytics/),
    ]));
    expect(settings.watched_prefix).toBe('Test-');
    expect(settings.auditor_role_arns).toHaveLength(1);
  });

  test('follows an organization\'s trail', () => {
    const accounts = ['111122223333', '444455556666'];
    const { trail } = auditDescription(templateOf((stack) => new SecureModelArtifactStore(stack, 'Models', {
      audit: {
        trail: TrailSource.existing('organization'),
        logArchive: new LogArchive(stack, 'Archive', { trailBucket: s3.Bucket.fromBucketName(stack, 'ArchiveTrailBucket', 'central-trails') }),
        analytics: {
          trailKeyPrefix: 'trails',
          trailOrganizationId: 'o-a1b2c3d4e5',
          trailAccounts: accounts,
          trailRegions: ['eu-central-1'],
        },
      },
    })));

    expect(trail).toEqual({
      bucketName: 'central-trails', keyPrefix: 'trails', organizationId: 'o-a1b2c3d4e5', accounts, regions: ['eu-central-1'],
    });
  });
});
