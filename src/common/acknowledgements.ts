import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** The packs of cdk-nag, or the other scanner, that contain each rule. `npm run scan` runs the other scanners. */
const PACKS = {
  APIG1: ['AwsSolutions'],
  APIG3: ['AwsSolutions'],
  APIG6: ['AwsSolutions'],
  APIGWAccessLogging: ['Serverless'],
  APIGWAssociatedWithWAF: ['NIST.800.53.R5', 'PCI.DSS.321'],
  APIGWCacheEnabledAndEncrypted: ['HIPAA.Security', 'NIST.800.53.R4', 'NIST.800.53.R5', 'PCI.DSS.321'],
  APIGWExecutionLoggingEnabled: ['HIPAA.Security', 'NIST.800.53.R4', 'NIST.800.53.R5', 'PCI.DSS.321'],
  APIGWSSLEnabled: ['HIPAA.Security', 'NIST.800.53.R5', 'PCI.DSS.321'],
  APIGWStructuredLogging: ['Serverless'],
  CKV_AWS_173: ['Checkov'],
  COG4: ['AwsSolutions'],
  'CT.S3.PR.4': ['cfn-guard'],
  EventBusDLQ: ['Serverless'],
  LambdaConcurrency: ['HIPAA.Security', 'NIST.800.53.R5'],
  LambdaDLQ: ['HIPAA.Security', 'NIST.800.53.R5', 'Serverless'],
  LambdaInsideVPC: ['HIPAA.Security', 'NIST.800.53.R4', 'NIST.800.53.R5', 'PCI.DSS.321'],
  S1: ['AwsSolutions'],
  S3BucketDefaultLockEnabled: ['NIST.800.53.R4'],
  S3BucketLoggingEnabled: ['HIPAA.Security', 'NIST.800.53.R4', 'NIST.800.53.R5', 'PCI.DSS.321'],
  S3BucketReplicationEnabled: ['HIPAA.Security', 'NIST.800.53.R4', 'NIST.800.53.R5', 'PCI.DSS.321'],
  S3DefaultEncryptionKMS: ['HIPAA.Security', 'NIST.800.53.R4', 'NIST.800.53.R5', 'PCI.DSS.321'],
  SNSRedrivePolicy: ['Serverless'],
};

/**
 * Acknowledges one rule on one resource, in every pack that contains the rule. `npm run scan` also takes it as the
 * reason for findings of equivalent rules of other scanners. Those read suppressions only from metadata in the
 * template, to which nothing is added: it would be in the template, and the snapshot, of every user.
 */
export function acknowledge(construct: IConstruct, rule: keyof typeof PACKS, reason: string): void {
  for (const pack of PACKS[rule]) {
    Validations.of(construct).acknowledge({ id: `${pack}-${rule}`, reason });
  }
}

/**
 * Acknowledges an AWS managed policy on a role. The metadata is written directly because `Validations.acknowledge` does
 * not accept IDs with more than one `::`. The rule packs read the same key.
 */
export function acknowledgeManagedPolicy(role: IConstruct, policyName: string, reason: string): void {
  const id = `AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/${policyName}]`;
  role.node.addMetadata(Validations.ACKNOWLEDGED_RULES_METADATA_KEY, { [id]: reason });
}
