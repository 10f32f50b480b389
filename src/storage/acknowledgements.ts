import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Packs of cdk-nag that have a rule, by the rule. */
const PACKS = {
  S1: ['AwsSolutions'],
  S3BucketLoggingEnabled: ['HIPAA.Security', 'NIST.800.53.R4', 'NIST.800.53.R5', 'PCI.DSS.321'],
  S3BucketReplicationEnabled: ['HIPAA.Security', 'NIST.800.53.R4', 'NIST.800.53.R5', 'PCI.DSS.321'],
  S3BucketDefaultLockEnabled: ['NIST.800.53.R4'],
  S3DefaultEncryptionKMS: ['HIPAA.Security', 'NIST.800.53.R4', 'NIST.800.53.R5', 'PCI.DSS.321'],
};

/** Acknowledge one rule on one resource, in every pack that has the rule. */
export function acknowledge(construct: IConstruct, rule: keyof typeof PACKS, reason: string): void {
  for (const pack of PACKS[rule]) {
    Validations.of(construct).acknowledge({ id: `${pack}-${rule}`, reason });
  }
}
