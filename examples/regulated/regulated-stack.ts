import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { ApiLogging, ObjectLockMode, SecureModelArtifactStore } from '../../src';
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
        modelObjectLock: { mode: ObjectLockMode.COMPLIANCE, retention: SEVEN_YEARS },
        logObjectLock: { mode: ObjectLockMode.COMPLIANCE, retention: SEVEN_YEARS },
        logs: SEVEN_YEARS,
        noncurrentVersions: SEVEN_YEARS,
        cloudWatchLogs: logs.RetentionDays.TEN_YEARS,
      },
      network: {
        perimeter: { vpcEndpointIds: [network.s3Endpoint.vpcEndpointId] },
        api: { vpcEndpoints: [network.apiEndpoint] },
        functions: { vpc: network.vpc, subnets: { subnets: network.vpc.isolatedSubnets } },
      },
      storage: { inventory: {} },
      // No function outside of the VPC: the account has a logging role for API Gateway already.
      audit: { apiLogging: ApiLogging.EXISTING_ROLE },
      monitoring: { notifications: { emails: ['security@example.com'] } },
    });
    network.limitToBucket(this.store.artifactBucket.bucket.bucketArn);

    new CfnOutput(this, 'StoreUrl', { value: this.store.url! });
    new CfnOutput(this, 'AuditorRoleArn', { value: this.store.roles.auditor.roleArn });
  }
}
