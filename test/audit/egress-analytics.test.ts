import { Duration, Lazy, RemovalPolicy, Size } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { auditQueries } from '../../src/audit/audit-queries';
import { EgressAnalytics } from '../../src/audit/egress-analytics';
import type { EgressAnalyticsProps } from '../../src/audit/egress-analytics-props';
import { AUDIT_VIEWS } from '../../src/contract/egress-events';
import { StoreParts } from '../access/support/store';
import { unacknowledgedFindings } from '../support/findings';

type Options = Omit<EgressAnalyticsProps, 'artifactBucket' | 'logArchive'>;

function analytics(
  options: Options = {},
): { readonly store: StoreParts; readonly construct: EgressAnalytics; readonly template: Template } {
  const store = new StoreParts();
  const construct = new EgressAnalytics(
    store, 'Analytics', { artifactBucket: store.artifactBucket, logArchive: store.logArchive, ...options },
  );
  return { store, construct, template: Template.fromStack(store) };
}

/** Replaces every intrinsic function with a placeholder, so that the rest can be compared. */
function flat(value: unknown): any {
  if (Array.isArray(value)) return value.map(flat);
  if (typeof value !== 'object' || value === null) return value;
  const object = value as { [key: string]: any };
  if ('Fn::Join' in object) return object['Fn::Join'][1].map(flat).join(object['Fn::Join'][0]);
  if ('Fn::Base64' in object) return flat(object['Fn::Base64']);
  if ('Ref' in object) return `<${object.Ref.replace(/[0-9A-F]{8}$/, '')}>`;
  if ('Fn::GetAtt' in object) return `<${object['Fn::GetAtt'][0].replace(/[0-9A-F]{8}$/, '')}>`;
  return Object.fromEntries(Object.entries(object).map(([key, item]) => [key, flat(item)]));
}

function table(template: Template, name: string): any {
  const [found] = Object.values(
    template.findResources('AWS::Glue::Table', { Properties: { TableInput: { Name: name } } }),
  );
  return flat(found.Properties).TableInput;
}

function viewSql(template: Template, name: string): string {
  const { ViewOriginalText } = table(template, name);
  return JSON.parse(/^\/\* Presto View: (.*) \*\/$/s.exec(ViewOriginalText)![1]).originalSql;
}

const workGroup = (template: Template) => Object.values(template.findResources('AWS::Athena::WorkGroup'))[0].Properties;

describe('the workgroup', () => {
  test('enforces location and encryption of results, and cancels queries that scan too much', () => {
    const { WorkGroupConfiguration } = workGroup(analytics().template);
    expect(flat(WorkGroupConfiguration)).toEqual({
      EnforceWorkGroupConfiguration: true,
      PublishCloudWatchMetricsEnabled: true,
      RequesterPaysEnabled: false,
      BytesScannedCutoffPerQuery: 100 * 1024 ** 3,
      EngineVersion: { SelectedEngineVersion: 'Athena engine version 3' },
      ResultConfiguration: {
        OutputLocation: 's3://<AnalyticsResultsBucket>/',
        ExpectedBucketOwner: '<AWS::AccountId>',
        EncryptionConfiguration: { EncryptionOption: 'SSE_KMS', KmsKey: '<AnalyticsResultsKey>' },
      },
    });
  });

  test('has the given scan limit', () => {
    expect(
      workGroup(
        analytics({ scanLimit: Size.mebibytes(10) }).template,
      ).WorkGroupConfiguration.BytesScannedCutoffPerQuery,
    ).toBe(10 * 1024 ** 2);
  });

  test('is deleted with its stack, so that a stack of the same name can be deployed again', () => {
    for (const { template } of [analytics(), analytics({ removalPolicy: RemovalPolicy.DESTROY })]) {
      const [resource] = Object.values(template.findResources('AWS::Athena::WorkGroup'));
      expect(resource.DeletionPolicy).toBeUndefined();
      expect(resource.Properties.RecursiveDeleteOption).toBe(true);
    }
  });
});

describe('the results', () => {
  const { template } = analytics();
  const [[resultsId, results]] = Object.entries(template.findResources('AWS::S3::Bucket')).filter(
    ([id]) => id.startsWith('AnalyticsResults'),
  );

  // [C-01] in docs/compliance.md
  test('are encrypted, versioned, private and logged, and expire after 30 days', () => {
    expect(flat(results.Properties)).toMatchObject({
      BucketEncryption: { ServerSideEncryptionConfiguration: [{
        BucketKeyEnabled: true,
        ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: '<AnalyticsResultsKey>' },
      }] },
      VersioningConfiguration: { Status: 'Enabled' },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true,
      },
      LoggingConfiguration: { LogFilePrefix: 'query-results/' },
      LifecycleConfiguration: {
        Rules: expect.arrayContaining([expect.objectContaining({ Id: 'ForgetResults', ExpirationInDays: 30 })]),
      },
    });
  });

  test('can only be written by Athena and over TLS', () => {
    const [policy] = Object.values(
      template.findResources('AWS::S3::BucketPolicy', { Properties: { Bucket: { Ref: resultsId } } }),
    );
    const statements: any[] = policy.Properties.PolicyDocument.Statement;
    expect(statements.filter(({ Effect }) => Effect === 'Allow')).toEqual([]);
    expect(statements.map(({ Sid }) => Sid)).toEqual(['DenyPlainHttp', 'DenyTlsBelow12', 'DenyResultsNotOfAthena']);
    expect(statements[2]).toMatchObject({
      Effect: 'Deny', Action: expect.arrayContaining(['s3:PutObject*']),
      Condition: { 'ForAllValues:StringNotEquals': { 'aws:CalledVia': 'athena.amazonaws.com' } },
    });
  });
});

describe('the tables', () => {
  test('are partitioned by account, Region and day for the trail', () => {
    const { Parameters, StorageDescriptor, PartitionKeys } = table(analytics().template, 'trail_records');
    expect(Parameters).toEqual({
      EXTERNAL: 'TRUE',
      'projection.enabled': 'true',
      'projection.account.type': 'enum',
      'projection.account.values': '<AWS::AccountId>',
      'projection.region.type': 'enum',
      'projection.region.values': '<AWS::Region>',
      'projection.day.type': 'date',
      'projection.day.format': 'yyyy/MM/dd',
      'projection.day.range': 'NOW-400DAYS,NOW',
      'projection.day.interval': '1',
      'projection.day.interval.unit': 'DAYS',
      'storage.location.template': 's3://<LogsTrailBucket>/AWSLogs/${account}/CloudTrail/${region}/${day}/',
    });
    expect(StorageDescriptor.InputFormat).toBe('com.amazon.emr.cloudtrail.CloudTrailInputFormat');
    expect(PartitionKeys.map(({ Name }: { Name: string }) => Name)).toEqual(['account', 'region', 'day']);
  });

  test('support organization trails, key prefixes, and several accounts and Regions', () => {
    const { Parameters } = table(analytics({
      reach: Duration.days(90),
      trailKeyPrefix: 'central',
      trailOrganizationId: 'o-a1b2c3d4e5',
      trailAccounts: ['111122223333', '444455556666'],
      trailRegions: ['eu-central-1', 'us-east-1'],
    }).template, 'trail_records');
    expect(Parameters).toMatchObject({
      'projection.account.values': '111122223333,444455556666',
      'projection.region.values': 'eu-central-1,us-east-1',
      'projection.day.range': 'NOW-90DAYS,NOW',
      'storage.location.template': 's3://<LogsTrailBucket>/central/AWSLogs/o-a1b2c3d4e5/${account}/CloudTrail/${region}/${day}/',
    });
  });

  test('are partitioned by day for the access logs', () => {
    const { Parameters } = table(analytics().template, 'access_log_records');
    expect(Parameters['storage.location.template'])
      .toBe('s3://<LogsAccessLogBucket>/artifact-bucket/<AWS::AccountId>/<AWS::Region>/<ArtifactsBucket>/${day}/');
  });

  test('parse every field of old and new access log lines', () => {
    const { StorageDescriptor } = table(analytics().template, 'access_log_records');
    const pattern = new RegExp(StorageDescriptor.SerdeInfo.Parameters['input.regex']);
    const columns: string[] = StorageDescriptor.Columns.map(({ Name }: { Name: string }) => Name);
    const read = (line: string) => {
      const [, ...fields] = pattern.exec(line) ?? [];
      expect(fields).toHaveLength(columns.length);
      return Object.fromEntries(columns.map((column, index) => [column, fields[index]]));
    };
    const old = 'owner bucket [06/Feb/2019:00:00:38 +0000] 192.0.2.3 arn:x ID REST.GET.OBJECT models/a "GET /a HTTP/1.1" 200 - 113 226 7 6 "-" "S3 (x y)"';
    expect(read(old)).toMatchObject({
      request_time: '06/Feb/2019:00:00:38 +0000', request_id: 'ID', bytes_sent: '113', object_size: '226',
      user_agent: '"S3 (x y)"', version_id: undefined,
    });
    const current = `${old} - host= SigV4 ECDHE Auth bucket.s3.amazonaws.com TLSv1.3 arn:ap Yes eu-central-1`;
    expect(read(current)).toMatchObject({
      host_id: 'host=',
      tls_version: 'TLSv1.3',
      access_point_arn: 'arn:ap',
      acl_required: 'Yes',
      source_region: 'eu-central-1',
    });
    expect(read(`${current} one "more field"`)).toMatchObject({
      source_region: 'eu-central-1', further_fields: 'one "more field"',
    });
  });
});

describe('the views', () => {
  const { template } = analytics();

  test.each(Object.keys(AUDIT_VIEWS))('%s has the columns of the contract in the catalog', (name) => {
    const { StorageDescriptor, ViewOriginalText, TableType, Parameters } = table(template, name);
    expect(TableType).toBe('VIRTUAL_VIEW');
    expect(Parameters.presto_view).toBe('true');
    const view = JSON.parse(/^\/\* Presto View: (.*) \*\/$/s.exec(ViewOriginalText)![1]);
    const names = AUDIT_VIEWS[name].map((column) => column.name);
    expect(view.columns.map((column: { name: string }) => column.name)).toEqual(names);
    expect(StorageDescriptor.Columns.map(({ Name }: { Name: string }) => Name)).toEqual(names);
  });

  test('read invocations only if functions are invoked directly', () => {
    expect(viewSql(template, 'invocations')).toMatch(/WHERE false$/);
    expect(viewSql(analytics({ directInvocations: true }).template, 'invocations')).toContain('FROM delivered_events');
  });

  test('have columns in the order of their SELECT statement', () => {
    const sql = viewSql(template, 'audit_settings');
    expect([...sql.matchAll(/ AS (\w+),?$/gm)].map(([, name]) => name)).toEqual(
      AUDIT_VIEWS.audit_settings.map(({ name }) => name),
    );
  });

  test('have the documented default settings', () => {
    const sql = viewSql(template, 'audit_settings');
    for (const setting of [
      '\'<ArtifactsBucket>\' AS varchar) AS artifact_bucket', 'NULL AS varchar) AS session_role_arns',
      'NULL AS varchar) AS perimeter_vpc_endpoints',
      `${10 * 1024 ** 3} AS bigint) AS bulk_egress_bytes`, '5 AS double) AS median_factor',
      `${10 * 1024 ** 3} AS bigint) AS median_floor_bytes`,
      '5 AS bigint) AS repeated_denials', '\'12345\' AS varchar) AS business_days',
      '7 AS bigint) AS business_start_hour',
      '20 AS bigint) AS business_end_hour', '0 AS bigint) AS utc_offset_minutes',
    ]) {
      expect(sql).toContain(`CAST(${setting}`);
    }
  });

  test('use the values of roles and endpoints at deployment', () => {
    const store = new StoreParts();
    const role = new iam.Role(store, 'Auditor', { assumedBy: new iam.AccountRootPrincipal() });
    new EgressAnalytics(store, 'Analytics', {
      artifactBucket: store.artifactBucket, logArchive: store.logArchive, auditorRoles: [role],
      perimeter: { vpcEndpointIds: ['vpce-0123456789abcdef0'], cidrs: ['198.51.100.0/24'] },
    });
    const deployed = Template.fromStack(store);
    expect(viewSql(deployed, 'audit_settings')).toContain('CAST(\'<Auditor>\' AS varchar) AS auditor_role_arns');
    expect(viewSql(deployed, 'audit_settings')).toContain(
      'CAST(\'vpce-0123456789abcdef0\' AS varchar) AS perimeter_vpc_endpoints',
    );
    expect(viewSql(deployed, 'perimeter_networks')).toContain(
      '(\'00000000000000000000ffffc6336400\', \'00000000000000000000ffffc63364ff\')',
    );
  });
});

describe('a network of the perimeter that is a token', () => {
  const warnings = (cidrs: string[]) => Annotations.fromStack(analytics({ perimeter: { cidrs } }).store).findWarning(
    '*', Match.anyValue(),
  )
    .map(({ entry }) => String(entry.data));

  test('causes a warning, because its reads are reported as outside the perimeter', () => {
    expect(warnings([Lazy.string({ produce: () => '203.0.113.0/24' }), '198.51.100.0/24'])).toEqual([
      expect.stringContaining('Use a literal range'),
    ]);
  });

  test('causes no warning if it is a literal', () => {
    expect(warnings(['203.0.113.0/24'])).toEqual([]);
  });
});

// [C-12] in docs/compliance.md
test('every named query is in the workgroup, with its title as description', () => {
  const { template, construct } = analytics();
  const queries = Object.values(template.findResources('AWS::Athena::NamedQuery')).map(({ Properties }) => Properties);
  expect(queries.map(({ Name, Description, QueryString }) => [Name, Description, QueryString]).sort())
    .toEqual(auditQueries().map(({ name, question, sql }) => [name, question, sql]));
  expect(new Set(queries.map(({ Database, WorkGroup }) => `${Database} ${WorkGroup}`))).toEqual(
    new Set([`${construct.databaseName} ${construct.workGroupName}`]),
  );
  expect(construct.queryNames).toContain('reconciliation');
});

test('grantQuery allows using this workgroup, reading these tables and writing results', () => {
  const store = new StoreParts();
  const construct = new EgressAnalytics(
    store, 'Analytics', { artifactBucket: store.artifactBucket, logArchive: store.logArchive },
  );
  const role = new iam.Role(store, 'Auditor', { assumedBy: new iam.AccountRootPrincipal() });
  construct.grantQuery(role).assertSuccess();
  const [policy] = Object.values(Template.fromStack(store).findResources('AWS::IAM::ManagedPolicy')).map(
    ({ Properties }) => flat(Properties),
  )
    .filter(({ Roles }) => Roles.includes('<Auditor>'));
  const statements: { Action: string[]; Resource: string | string[] }[] = policy.PolicyDocument.Statement;
  const resourcesOf = (action: string) => statements.filter(({ Action }) => [Action].flat().includes(action)).flatMap(
    ({ Resource }) => Resource,
  );
  expect(resourcesOf('athena:StartQueryExecution')).toEqual([
    expect.stringContaining(`:workgroup/${construct.workGroupName}`),
  ]);
  expect(resourcesOf('glue:GetTable').filter((resource) => resource.includes('*'))).toEqual([]);
  expect(resourcesOf('glue:GetTable').filter((resource) => resource.endsWith('/egress_events'))).toHaveLength(1);
  expect(resourcesOf('s3:PutObject')).toEqual(['<AnalyticsResultsBucket>/*']);
  expect(
    statements.flatMap(({ Action }) => Action).filter((action) => /Delete|Update|Create/.test(action)),
  ).toEqual([]);
});

describe('there are no findings of rule packs for', () => {
  test.each<[string, Options]>([
    ['the analytics with default properties', {}],
    ['the analytics of an organization, destroyed with the stack', {
      removalPolicy: RemovalPolicy.DESTROY, trailOrganizationId: 'o-a1b2c3d4e5',
      perimeter: { cidrs: ['198.51.100.0/24'] },
    }],
  ])('%s', (_, options) => {
    expect(unacknowledgedFindings(analytics(options).store)).toEqual([]);
  });
});

describe('invalid properties are reported all at once', () => {
  const message = (options: Options): string => {
    try {
      analytics(options);
    } catch (error) {
      return (error as Error).message;
    }
    return '';
  };

  test('every problem, with the expected values', () => {
    const text = message({
      databaseName: 'Egress-Events', workGroupName: 'a b', scanLimit: Size.kibibytes(1), reach: Duration.hours(5),
      accessLogPrefix: 'logs',
      trailKeyPrefix: '/x', trailOrganizationId: 'acme', trailAccounts: ['1'], trailRegions: [],
      businessHours: { days: [7], startHour: 20, endHour: 7, utcOffsetMinutes: 1.5 },
      thresholds: {
        medianFactor: 1, repeatedDenials: 1, medianFloorObjects: -1, weekFactor: 1, manyNewModels: 1,
        presignedUrlLifetime: Duration.days(8),
        bulkEgress: Size.bytes(0),
      },
      watchedResources: ['models-trail', 'arn:aws:cloudtrail:eu-central-1:111122223333:trail/models-trail'],
      perimeter: { cidrs: ['198.51.100.0'] },
    });
    for (const property of [
      'databaseName', 'workGroupName', 'scanLimit', 'reach', 'accessLogPrefix', 'trailKeyPrefix',
      'trailOrganizationId',
      'trailAccounts[0]', 'trailRegions', 'businessHours.days[0]', 'businessHours are',
      'businessHours.utcOffsetMinutes',
      'thresholds.medianFactor', 'thresholds.repeatedDenials', 'perimeter.cidrs[0]', 'thresholds.medianFloorObjects',
      'thresholds.weekFactor',
      'thresholds.manyNewModels', 'thresholds.presignedUrlLifetime', 'thresholds.bulkEgress', 'watchedResources[1]',
    ]) {
      expect(text).toContain(`\n  - ${property}`);
    }
  });

  test('valid limits are accepted', () => {
    expect(message({
      databaseName: 'egress_1', scanLimit: Size.mebibytes(10), reach: Duration.days(1), trailKeyPrefix: 'x',
      businessHours: { days: [0, 6], startHour: 0, endHour: 24, utcOffsetMinutes: -300 },
      thresholds: { medianFactor: 1.5, repeatedDenials: 2, manyNewModels: 2, presignedUrlLifetime: Duration.days(7) },
      watchedResources: ['models-trail', '/aws/cloudtrail/models'],
    })).toBe('');
  });
});
