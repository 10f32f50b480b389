import * as fs from 'node:fs';
import * as path from 'node:path';
import { App, CfnParameter, Duration, RemovalPolicy, Size, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { ApiAuthentication, ApiPermission, SecureModelArtifactStore, type SecureModelArtifactStoreProps, TrailSource, WebApplicationFirewall } from '../../src';
import { PROPERTY_TYPES } from '../../src/store/types';

interface Declared {
  readonly name: string;
  readonly type: { primitive?: string; fqn?: string; collection?: { kind: string; elementtype: { primitive?: string } } };
}

/** Paths of the properties with simple types, from the jsii assembly. */
function declaredProperties(): string[] {
  const { types } = JSON.parse(fs.readFileSync(path.join(__dirname, '..', '..', '.jsii'), 'utf8')) as {
    types: { [fqn: string]: { datatype?: boolean; properties?: Declared[]; interfaces?: string[] } };
  };
  const propertiesOf = (fqn: string): Declared[] =>
    types[fqn] ? [...types[fqn].properties ?? [], ...(types[fqn].interfaces ?? []).flatMap(propertiesOf)] : [];
  const walk = (fqn: string, at: string): string[] => propertiesOf(fqn).flatMap(({ name, type }) => {
    const simple = type.primitive !== undefined || ['aws-cdk-lib.Duration', 'aws-cdk-lib.Size'].includes(type.fqn ?? '')
      || (type.collection?.kind === 'array' && type.collection.elementtype.primitive === 'string');
    return simple ? [`${at}${name}`] : types[type.fqn ?? '']?.datatype ? walk(type.fqn!, `${at}${name}.`) : [];
  });
  return walk('secure-model-artifact-store.SecureModelArtifactStoreProps', '');
}

type Props = SecureModelArtifactStoreProps | ((stack: Stack) => SecureModelArtifactStoreProps);

function message(props: Props, synthesise = false): string {
  const app = new App();
  const stack = new Stack(app, 'App', { env: { account: '111122223333', region: 'eu-central-1' } });
  try {
    new SecureModelArtifactStore(stack, 'Models', typeof props === 'function' ? props(stack) : props);
    if (synthesise) app.synth();
    return 'taken';
  } catch (error) {
    return (error as Error).message;
  }
}

const cognito = (name: string) => ApiAuthentication.cognito({ groups: [{ name, permissions: [ApiPermission.READ] }] });

/** Every property with invalid values, as the user wrote it, and such a value. */
const REFUSED: ReadonlyArray<[string, Props]> = [
  ['storeName', { storeName: 'my models' }],
  ['bucketName', { bucketName: 'Models' }],
  ['authentication.groups[0].name', { authentication: cognito('a b') }],
  ['network.perimeter.cidrs[0]', { network: { perimeter: { cidrs: ['10.0.0.0/8'] } } }],
  ['network.perimeter.vpcEndpointIds[0]', { network: { perimeter: { vpcEndpointIds: ['vpc-1'] } } }],
  ['network.perimeter.organizationId', { network: { perimeter: { organizationId: 'acme' } } }],
  ['network.perimeter', { network: { perimeter: {} } }],
  ['network.apiVpcEndpoints', { network: { apiVpcEndpoints: [] } }],
  ['network.apiCidrs[0]', { network: { apiCidrs: ['office'] } }],
  ['network.apiOrganizationId', { network: { apiOrganizationId: 'acme' } }],
  ['network.webApplicationFirewall.webAclArn', { network: { webApplicationFirewall: WebApplicationFirewall.fromWebAclArn('acl') } }],
  ['network.webApplicationFirewall.requestsPerFiveMinutes', { network: { webApplicationFirewall: WebApplicationFirewall.managed(1) } }],
  ...(['dataScientist', 'pipeline', 'auditor'] as const).flatMap((role): Array<[string, Props]> => [
    [`access.${role}.models[0]`, { access: { [role]: { models: ['Fraud'] } } }],
    [`access.${role}.maxSessionDuration`, { access: { [role]: { maxSessionDuration: Duration.minutes(30) } } }],
    [`access.${role}.roleName`, { access: { [role]: { roleName: 'a role' } } }],
    [`access.${role}.assumedBy`, { access: { [role]: { assumedBy: new iam.AnyPrincipal() } } }],
    [`access.${role}.requireMultiFactorAuthentication`, {
      access: { [role]: { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'), requireMultiFactorAuthentication: true } },
    }],
  ]),
  ['access.administrators[0]', { access: { administrators: [new iam.ArnPrincipal('admin')] } }],
  ['audit.administrators[0]', { audit: { administrators: [new iam.ArnPrincipal('admin')] } }],
  ['audit.trailName', { audit: { trailName: 'ab' } }],
  ['audit.organizationId', { audit: { organizationId: 'org' } }],
  ['audit.trail', { audit: { trail: TrailSource.existing('a trail') } }],
  ['audit.trail.organizationId', { audit: { trail: TrailSource.organization('arn:aws:cloudtrail:eu-central-1:111122223333:trail/all', 'org') } }],
  ['audit.analytics.trailAccounts[0]', { audit: { analytics: { trailAccounts: ['1'] } } }],
  ['audit.analytics.trailRegions[0]', { audit: { analytics: { trailRegions: ['here'] } } }],
  ['audit.analytics.trailKeyPrefix', { audit: { analytics: { trailKeyPrefix: '/logs' } } }],
  ['audit.analytics.businessHours.startHour', { audit: { analytics: { businessHours: { startHour: 25 } } } }],
  ['audit.analytics.thresholds.medianFactor', { audit: { analytics: { thresholds: { medianFactor: 0 } } } }],
  ['audit.analytics.scanLimit', { audit: { analytics: { scanLimit: Size.bytes(1) } } }],
  ['audit.analytics.resultRetention', { audit: { analytics: { resultRetention: Duration.hours(1) } } }],
  ['capacity.memorySize', { capacity: { memorySize: 64 } }],
  ['capacity.reservedConcurrentExecutions', { capacity: { reservedConcurrentExecutions: 0 } }],
  ['capacity.minCapacity', { capacity: { minCapacity: 0 } }],
  ['capacity.throttlingRateLimit', { capacity: { throttlingRateLimit: 0 } }],
  ['capacity.throttlingBurstLimit', { capacity: { throttlingBurstLimit: 1.5 } }],
  ['access.presignedUrlLifetime', { access: { presignedUrlLifetime: Duration.seconds(1) } }],
  ['access.sessionDuration', { access: { sessionDuration: Duration.seconds(1) } }],
  ['retention.logs', { retention: { logs: Duration.hours(1) } }],
  ['retention.noncurrentVersionExpiration', { retention: { noncurrentVersionExpiration: Duration.hours(1) } }],
  ['retention.noncurrentVersionTransitionAfter', { retention: { noncurrentVersionTransitionAfter: Duration.hours(1) } }],
  ['retention.abortIncompleteMultipartUploadAfter', { retention: { abortIncompleteMultipartUploadAfter: Duration.hours(1) } }],
  ['retention.removalPolicy', { retention: { removalPolicy: RemovalPolicy.SNAPSHOT } }],
  ['storage.inventoryRetention', {
    storage: { inventoryFrequency: s3.InventoryFrequency.DAILY, inventoryRetention: Duration.hours(1) },
  }],
  ['monitoring.thresholds.egressPerPrincipal', { monitoring: { thresholds: { egressPerPrincipal: Size.bytes(0) } } }],
  ['monitoring.thresholds.functionErrors', { monitoring: { thresholds: { functionErrors: 0 } } }],
  ['audit.canaryModels[1]', { audit: { canaryModels: ['decoy', 'Payments Fraud'] } }],
  ['audit.canaryModels', { audit: { canaryModels: Array.from({ length: 11 }, (_, index) => `decoy-${index}`) } }],
  ['monitoring.emails[0]', { monitoring: { emails: ['me'] } }],
  ['monitoring.tampering.failedSignInsThreshold', { monitoring: { tampering: { accountChecks: true, failedSignInsThreshold: 0 } } }],
  ['monitoring.accountConcurrencyLimit', { monitoring: { accountConcurrencyLimit: 0 } }],
  ['monitoring.period', { monitoring: { period: Duration.seconds(7) } }],
  ['monitoring.runbookUrl', { monitoring: { runbookUrl: 'not a url' } }],
];

describe('an error names the property that the user set, and its construct', () => {
  test.each(REFUSED)('%s', (property, props) => {
    const [title, ...problems] = message(props).split('\n  - ');
    expect(title).toBe('SecureModelArtifactStore at App/Models:');
    expect(problems[0]?.slice(0, property.length + 1)).toMatch(new RegExp(`^${property.replace(/[[\].]/g, '\\$&')}[ .;:,]`));
    expect(problems.join()).not.toMatch(/Token\[|undefined|\bnull\b/);
  });

  test('for all problems at once', () => {
    const problems = message({
      capacity: { memorySize: 64 }, audit: { trailName: 'ab' }, network: { apiVpcEndpoints: [] },
      access: { auditor: { maxSessionDuration: Duration.minutes(30) } }, monitoring: { runbookUrl: '-' },
    }).split('\n  - ');
    expect(problems).toHaveLength(6);
  });
});

describe('a list that is known only at deployment', () => {
  const list = (stack: Stack) => new CfnParameter(stack, 'List', { type: 'CommaDelimitedList' }).valueAsList;
  const LISTS: ReadonlyArray<[string, (items: string[]) => SecureModelArtifactStoreProps]> = [
    ['network.perimeter.cidrs', (cidrs) => ({ network: { perimeter: { cidrs } } })],
    ['network.perimeter.vpcEndpointIds', (vpcEndpointIds) => ({ network: { perimeter: { vpcEndpointIds } } })],
    ['network.apiCidrs', (apiCidrs) => ({ network: { apiCidrs } })],
    ['access.dataScientist.models', (models) => ({ access: { dataScientist: { models } } })],
    ['access.pipeline.models', (models) => ({ access: { pipeline: { models } } })],
    ['access.auditor.models', (models) => ({ access: { auditor: { models } } })],
    ['audit.analytics.trailAccounts', (trailAccounts) => ({ audit: { analytics: { trailAccounts } } })],
    ['audit.analytics.trailRegions', (trailRegions) => ({ audit: { analytics: { trailRegions } } })],
    ['audit.canaryModels', (canaryModels) => ({ audit: { canaryModels } })],
    ['monitoring.emails', (emails) => ({ monitoring: { emails } })],
    ['authentication.groups[0].models', (models) => ({
      authentication: ApiAuthentication.cognito({ groups: [{ name: 'fraud', permissions: [ApiPermission.READ], models }] }),
    })],
  ];

  test.each(LISTS)('works, or is rejected with its name: %s', (property, props) => {
    const said = message((stack) => props(list(stack)), true);
    if (said !== 'taken') {
      expect(said).toContain('SecureModelArtifactStore at App/Models:');
      expect(said).toContain(`${property} is a list that is known only at deployment`);
      expect(said).not.toContain('Token[');
    }
  });

  test('is also rejected by the grants and events of a store', () => {
    const stack = new Stack(new App(), 'App');
    const store = new SecureModelArtifactStore(stack, 'Models', { monitoring: { enabled: false } });
    const role = new iam.Role(stack, 'Job', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
    const models = list(stack);
    expect(() => store.grantDirectRead(role, models)).toThrow('grantDirectRead at App/Models:\n  - models is a list that is known only at deployment');
    expect(() => store.onAliasChanged('Changed', { models })).toThrow('onAliasChanged("Changed") at App/Models:\n  - models is a list that is known only');
  });
});

describe('a bucket name that S3 reserves is rejected', () => {
  test.each(['models--x-s3', 'models.mrap', 'xn--models', 'models-s3alias', 'models--ol-s3', 'sthree-models', 'amzn-s3-demo-models', '192.0.2.1', 'my..models'])('%s', (bucketName) => {
    expect(message({ bucketName })).toContain(`bucketName is "${bucketName}"`);
  });
});

describe('a property of the wrong type, which plain JavaScript accepts, is named', () => {
  const untyped = (props: unknown) => message(props as SecureModelArtifactStoreProps);

  test.each<[unknown, string]>([
    [{ retention: { logs: 400 } }, 'retention.logs is 400; expected a Duration, such as Duration.days(30)'],
    [{ capacity: { memorySize: '2048' } }, 'capacity.memorySize is "2048"; expected a number'],
    [{ monitoring: { thresholds: { egressPerPrincipal: 5 } } }, 'monitoring.thresholds.egressPerPrincipal is 5; expected a Size, such as Size.gibibytes(1)'],
    [{ signing: { enabled: 'false' } }, 'signing.enabled is "false"; expected true or false'],
    [{ signing: false }, 'signing is false; expected an object'],
    [{ storeName: 7 }, 'storeName is 7; expected a string'],
    [{ access: { auditor: { models: 'fraud-*' } } }, 'access.auditor.models is "fraud-*"; expected a list of strings'],
    [{ network: null }, 'network is null; expected an object'],
    [{ retention: { logs: null } }, 'retention.logs is null; expected a Duration'],
  ])('%j', (props, expected) => {
    expect(untyped(props)).toContain(`SecureModelArtifactStore at App/Models:\n  - ${expected}`);
  });

  test('for all problems at once', () => {
    expect(untyped({ api: 1, storeName: 7, access: { presignedUrlLifetime: '15m' } }).split('\n  - ')).toHaveLength(4);
  });

  test('for every property, as the table of types is complete', () => {
    expect(Object.values(PROPERTY_TYPES).flat().sort()).toEqual(declaredProperties().sort());
  });
});
