import { Aws, Validations } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { encryptedLogs } from './encrypted-logs';
import { ManagedPolicyRole } from '../../src';

const ADDRESSES = '10.0.0.0/16';

/** A VPC without internet access in either direction. The store reaches AWS services through endpoints. */
export class PrivateNetwork extends Construct {
  public readonly vpc: ec2.Vpc;
  /** The endpoint through which users and functions read and write model files. */
  public readonly s3Endpoint: ec2.GatewayVpcEndpoint;
  /** The endpoint through which users call the API. */
  public readonly apiEndpoint: ec2.InterfaceVpcEndpoint;

  constructor(scope: Construct, id: string) {
    super(scope, id);

    this.vpc = new ec2.Vpc(this, 'Vpc', {
      ipAddresses: ec2.IpAddresses.cidr(ADDRESSES),
      maxAzs: 2,
      natGateways: 0,
      subnetConfiguration: [{ name: 'Isolated', subnetType: ec2.SubnetType.PRIVATE_ISOLATED, cidrMask: 24 }],
      // The CDK would restrict the default security group with a function. Here it stays unchanged and unused.
      restrictDefaultSecurityGroup: false,
    });
    acknowledgeDefaultSecurityGroup(this.vpc);
    this.logFlows();

    this.s3Endpoint = this.vpc.addGatewayEndpoint('S3', { service: ec2.GatewayVpcEndpointAwsService.S3 });
    this.apiEndpoint = this.addEndpoint('Api', ec2.InterfaceVpcEndpointAwsService.APIGATEWAY);
    // The functions open sessions and sign manifests; users assume their roles and find the store by its name.
    this.addEndpoint('Sts', ec2.InterfaceVpcEndpointAwsService.STS);
    this.addEndpoint('Kms', ec2.InterfaceVpcEndpointAwsService.KMS);
    this.addEndpoint('Ssm', ec2.InterfaceVpcEndpointAwsService.SSM);
  }

  /** Limits the S3 endpoint to this bucket, so that models cannot be copied to another bucket through it. */
  public limitToBucket(bucketArn: string): void {
    // Bucket policy and roles define who may do what. This only limits the endpoint to the bucket.
    this.s3Endpoint.addToPolicy(new iam.PolicyStatement({
      principals: [new iam.AnyPrincipal()],
      actions: ['s3:*'],
      resources: [bucketArn, `${bucketArn}/*`],
      conditions: { StringEquals: { 'aws:PrincipalAccount': Aws.ACCOUNT_ID } },
    }));
  }

  private addEndpoint(id: string, service: ec2.InterfaceVpcEndpointAwsService): ec2.InterfaceVpcEndpoint {
    const securityGroup = new ec2.SecurityGroup(this, `${id}SecurityGroup`, {
      vpc: this.vpc, allowAllOutbound: false, description: `HTTPS from the VPC to the endpoint of ${id}`,
    });
    securityGroup.addIngressRule(ec2.Peer.ipv4(ADDRESSES), ec2.Port.HTTPS, 'HTTPS from the VPC');
    return this.vpc.addInterfaceEndpoint(id, { service, securityGroups: [securityGroup], open: false });
  }

  private logFlows(): void {
    const encryptionKey = new kms.Key(this, 'FlowLogKey', { description: 'Flow logs', enableKeyRotation: true });
    const logGroup = encryptedLogs(this, 'FlowLogs', encryptionKey);
    const role = new ManagedPolicyRole(this, 'FlowLogRole', { assumedBy: new iam.ServicePrincipal('vpc-flow-logs.amazonaws.com') });
    this.vpc.addFlowLog('FlowLog', { destination: ec2.FlowLogDestination.toCloudWatchLogs(logGroup, role) });
  }
}

function acknowledgeDefaultSecurityGroup(vpc: ec2.Vpc): void {
  const reason = 'Nothing is in the default security group; CloudFormation cannot empty its rules, AWS Config tells if something joins it.';
  for (const pack of ['HIPAA.Security', 'NIST.800.53.R4', 'NIST.800.53.R5', 'PCI.DSS.321']) {
    Validations.of(vpc.node.defaultChild!).acknowledge({ id: `${pack}-VPCDefaultSecurityGroupClosed`, reason });
  }
}
