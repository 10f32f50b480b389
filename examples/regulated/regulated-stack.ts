import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { ApiLogging, SecureModelArtifactStore } from '../../src';
import { PrivateNetwork } from '../private-network/private-network';

const SEVEN_YEARS = Duration.days(7 * 366);

/** A store for regulated environments: nothing can be deleted early, not even by the root user. */
export class RegulatedStack extends Stack {
  public readonly store: SecureModelArtifactStore;

  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, { terminationProtection: true, ...props });

    const network = new PrivateNetwork(this, 'Network');
    this.store = new SecureModelArtifactStore(this, 'Models', {
      retention: {
        modelObjectLock: s3.ObjectLockRetention.compliance(SEVEN_YEARS),
        logObjectLock: s3.ObjectLockRetention.compliance(SEVEN_YEARS),
        logs: SEVEN_YEARS,
        noncurrentVersionExpiration: SEVEN_YEARS,
        cloudWatchLogs: logs.RetentionDays.TEN_YEARS,
      },
      network: {
        perimeter: { vpcEndpointIds: [network.s3Endpoint.vpcEndpointId] },
        apiVpcEndpoints: [network.apiEndpoint],
        vpc: network.vpc,
        vpcSubnets: { subnets: network.vpc.isolatedSubnets },
      },
      storage: { inventoryFrequency: s3.InventoryFrequency.WEEKLY },
      // No function outside of the VPC: the account has a logging role for API Gateway already.
      audit: { apiLogging: ApiLogging.EXISTING_ROLE },
      monitoring: { emails: ['security@example.com'] },
    });
    network.limitToBucket(this.store.artifactBucket.bucket.bucketArn);

    new CfnOutput(this, 'StoreUrl', { value: this.store.url! });
    new CfnOutput(this, 'AuditorRoleArn', { value: this.store.auditorRole.roleArn });
  }
}
