import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { ManagedPolicyRole } from './access/managed-policy-role';
import type { AuditTrail } from './audit/audit-trail';
import { EgressAnalytics } from './audit/egress-analytics';
import { auditParameterName } from './contract/audit-description';
import { FUNCTIONS } from './contract/routes';
import type { SecureModelArtifactStore } from './secure-model-artifact-store';
import type { ILogArchive } from './storage/log-archive';
import type { SecureModelArtifactStoreProps } from './store-props';
import { protectedResources } from './store-protection';

/** The questions of a store, which its auditors may ask. Without a trail there is nothing to ask. */
export function createAnalytics(
  store: SecureModelArtifactStore, logArchive: ILogArchive, props: SecureModelArtifactStoreProps,
): EgressAnalytics | undefined {
  const { enabled, ...options } = props.audit?.analytics ?? {};
  if (enabled === false || props.audit?.trail?._kind === 'none') {
    return undefined;
  }
  const { artifactBucket, sessionRoles, roles } = store;
  const analytics = new EgressAnalytics(store, 'Analytics', {
    ...options,
    artifactBucket,
    logArchive,
    perimeter: props.network?.perimeter,
    sessionRoles: FUNCTIONS.map((name) => sessionRoles[name].sessionRole),
    functionRoles: FUNCTIONS.map((name) => sessionRoles[name].executionRole),
    auditorRoles: [roles.auditor],
    watchedResources: watchedNames(store, logArchive),
    directInvocations: props.api === false,
    reach: props.retention?.logs,
    removalPolicy: props.retention?.removalPolicy,
  });
  return analytics;
}

/** What is watched for tampering, by the names that requests bear. */
function watchedNames(store: SecureModelArtifactStore, logArchive: ILogArchive): string[] {
  const { trailArnOrName, trailLogGroup, keys = [], roles = [], functions = [] } = protectedResources(store, logArchive);
  return [
    ...(trailArnOrName ? [trailArnOrName.replace(/^arn:.*:trail\//, '')] : []),
    ...(trailLogGroup ? [trailLogGroup.logGroupName] : []),
    ...keys.map(({ keyId }) => keyId),
    ...roles.map(({ roleName }) => roleName),
    ...functions.map(({ functionName }) => functionName),
  ];
}

/** What an auditor's tools need to find the evidence; only auditors may read where it lies and what is looked for. */
export function describeAudit(store: Construct, storeName: string, analytics: EgressAnalytics, trail: AuditTrail): ssm.IStringParameter {
  const stack = Stack.of(store);
  const trailArn = trail.trail && stack.formatArn({ service: 'cloudtrail', resource: 'trail', resourceName: trail.trail.trailName });
  return new ssm.StringParameter(store, 'AuditDescription', {
    parameterName: auditParameterName(storeName),
    description: 'What an auditor needs to find the evidence of the model store, and to ask about it',
    stringValue: stack.toJsonString(analytics._describe(trailArn)),
    simpleName: false,
    // Many networks or accounts need more than the 4 KB that are free of charge.
    tier: ssm.ParameterTier.INTELLIGENT_TIERING,
  });
}

/** Everything that somebody needs who asks: Athena, and what tools find the evidence by. */
export function grantQuestions(analytics: EgressAnalytics, description: ssm.IStringParameter, grantee: iam.IGrantable): iam.Grant {
  const grant = analytics.grantQuery(grantee).combine(iam.Grant.addToPrincipal({
    grantee, actions: ['ssm:GetParameter'], resourceArns: [description.parameterArn],
  }));
  if (grantee.grantPrincipal instanceof ManagedPolicyRole) {
    grantee.grantPrincipal.explainWildcards([analytics.resultsBucket.arnForObjects('*')],
      'Athena names each result by the id of its query, in the name of whoever asked; the bucket holds nothing but results.');
  }
  return grant;
}
