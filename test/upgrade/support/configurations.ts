import { App, Duration, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import {
  ApiAuthentication, ArtifactBucket, AuditTrail, DeploymentChanges, EgressAnalytics, LogArchive, SecureModelArtifactStore,
  testing, StoreMonitoring, TrailSource, WebApplicationFirewall, type SecureModelArtifactStoreProps,
} from '../../../src';

export interface Template {
  readonly Resources: { readonly [logicalId: string]: { readonly Type: string; readonly [key: string]: any } };
}

/** A store with these properties, as `Models`. */
function store(propsIn: (stack: Stack) => SecureModelArtifactStoreProps): (stack: Stack) => void {
  return (stack) => {
    new SecureModelArtifactStore(stack, 'Models', propsIn(stack));
  };
}

/**
 * Stores, and components of one, as users have them. The comparison is about upgrading an unchanged app, so a
 * configuration that a release has recorded must not change; a new option gets a new configuration.
 */
export const CONFIGURATIONS: Readonly<Record<string, (stack: Stack) => void>> = {
  default: store(() => ({})),
  'without-api': store(() => ({ api: false })),
  cognito: store(() => ({ authentication: ApiAuthentication.cognito() })),
  private: store((stack) => {
    const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 0, subnetConfiguration: [{ name: 'Isolated', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }] });
    const endpoint = vpc.addInterfaceEndpoint('Endpoint', { service: ec2.InterfaceVpcEndpointAwsService.APIGATEWAY });
    // Without these, the store rejects the VPC, because its functions could not reach AWS.
    vpc.addGatewayEndpoint('S3', { service: ec2.GatewayVpcEndpointAwsService.S3 });
    vpc.addInterfaceEndpoint('Sessions', { service: ec2.InterfaceVpcEndpointAwsService.STS });
    vpc.addInterfaceEndpoint('Keys', { service: ec2.InterfaceVpcEndpointAwsService.KMS });
    return {
      network: {
        perimeter: { vpcEndpointIds: ['vpce-1a2b3c4d5e6f7a8b9'] },
        vpc,
        vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
        apiVpcEndpoints: [endpoint],
      },
    };
  }),
  regulated: store(() => ({
    retention: {
      modelObjectLock: s3.ObjectLockRetention.governance(Duration.days(90)),
      logObjectLock: s3.ObjectLockRetention.compliance(Duration.days(400)),
    },
    network: { webApplicationFirewall: WebApplicationFirewall.managed() },
    storage: { inventoryFrequency: s3.InventoryFrequency.WEEKLY },
    monitoring: {
      emails: ['on-call@example.com'],
      tampering: { deployments: DeploymentChanges.NOTIFY, accountChecks: true, unauthorizedCallsThreshold: 50 },
    },
  })),
  'central-evidence': store((stack) => ({
    audit: {
      trail: TrailSource.existing('arn:aws:cloudtrail:eu-central-1:111122223333:trail/organization',
        logs.LogGroup.fromLogGroupName(stack, 'TrailLogs', 'organization-trail')),
      logArchive: new LogArchive(stack, 'Archive', {
        trailBucket: s3.Bucket.fromBucketAttributes(stack, 'CentralTrails', {
          bucketName: 'central-trails',
          encryptionKey: kms.Key.fromKeyArn(stack, 'TrailKey',
            'arn:aws:kms:eu-central-1:444455556666:key/11111111-2222-3333-4444-555555555555'),
        }),
      }),
    },
  })),
  'provisioned-concurrency': store(() => ({ capacity: { reservedConcurrentExecutions: 50, minCapacity: 2, maxCapacity: 20 } })),
  // Evidence about an existing bucket, without a store.
  'egress-only': (stack) => {
    const artifactBucket = ArtifactBucket.fromArtifactBucketAttributes(stack, 'Models', { bucketName: 'acme-models' });
    const logArchive = new LogArchive(stack, 'LogArchive');
    const auditTrail = new AuditTrail(stack, 'AuditTrail', { artifactBucket, logArchive });
    new EgressAnalytics(stack, 'Analytics', { artifactBucket, logArchive, auditTrail, storeName: 'acme-models' });
    new StoreMonitoring(stack, 'Monitoring', { artifactBucket, logArchive, auditTrail });
  },
};

/** The template of a configuration with the current library, in an app with this context. */
export function templateOf(configuration: string, context?: Record<string, unknown>): Template {
  const stack = new Stack(new App({ context }), 'Upgraded');
  CONFIGURATIONS[configuration](stack);
  return testing.SnapshotTemplate.fromStack(stack) as Template;
}
