import { Stack } from 'aws-cdk-lib';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { type AuditDescription, auditParameterName } from '../contract/audit-description';

/** SSM parameter with the location of the logs and the settings of the queries, for the auditors' role. */
export function auditDescriptionParameter(
  scope: Construct, id: string, storeName: string, description: AuditDescription,
): ssm.IStringParameter {
  return new ssm.StringParameter(scope, id, {
    parameterName: auditParameterName(storeName),
    description: 'Location of the audit logs of the model store, and settings of the audit queries',
    stringValue: Stack.of(scope).toJsonString(description),
    simpleName: false,
    // With many networks or accounts, the value exceeds the 4 KB of the free standard tier.
    tier: ssm.ParameterTier.INTELLIGENT_TIERING,
  });
}
