import { Stack } from 'aws-cdk-lib';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { type AuditDescription, auditParameterName } from '../contract/audit-description';

/** What an auditor's tools need to find the evidence; only auditors may read where it lies and what is looked for. */
export function auditDescriptionParameter(scope: Construct, id: string, storeName: string, description: AuditDescription): ssm.IStringParameter {
  return new ssm.StringParameter(scope, id, {
    parameterName: auditParameterName(storeName),
    description: 'What an auditor needs to find the evidence of the model store, and to ask about it',
    stringValue: Stack.of(scope).toJsonString(description),
    simpleName: false,
    // Many networks or accounts need more than the 4 KB that are free of charge.
    tier: ssm.ParameterTier.INTELLIGENT_TIERING,
  });
}
