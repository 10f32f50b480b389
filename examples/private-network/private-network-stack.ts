import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { PrivateNetwork } from './private-network';
import { ApiLogging, SecureModelArtifactStore } from '../../src';

/** A store that can only be reached from one VPC, whatever permissions a caller has. */
export class PrivateNetworkStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    const network = new PrivateNetwork(this, 'Network');
    const store = new SecureModelArtifactStore(this, 'Models', {
      network: {
        // Bytes: through this endpoint only, also with a presigned URL.
        perimeter: { vpcEndpointIds: [network.s3Endpoint.vpcEndpointId] },
        // The API: private, through this endpoint only.
        apiVpcEndpoints: [network.apiEndpoint],
        // The functions: in the VPC, without internet.
        vpc: network.vpc,
        vpcSubnets: { subnets: network.vpc.isolatedSubnets },
      },
      // No function outside of the VPC: the account has a logging role for API Gateway already.
      audit: { apiLogging: ApiLogging.EXISTING_ROLE },
    });
    network.limitToBucket(store.artifactBucket.bucket.bucketArn);

    new CfnOutput(this, 'StoreUrl', { value: store.url! });
    new CfnOutput(this, 'VpcId', { value: network.vpc.vpcId });
    new CfnOutput(this, 'DataScientistRoleArn', { value: store.dataScientistRole.roleArn });
  }
}
