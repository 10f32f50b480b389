import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as ssm from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import type { SecureModelArtifactStoreProps } from './props';
import { protectedResources } from './protection';
import type { SecureModelArtifactStore } from './secure-model-artifact-store';
import { auditDescriptionParameter } from '../audit/audit-description-parameter';
import type { AuditTrail } from '../audit/audit-trail';
import { EgressAnalytics } from '../audit/egress-analytics';
import { trailArnOf } from '../audit/questioned-trail';
import { addPermission } from '../common/permission-writer';
import { FUNCTIONS } from '../contract/routes';
import type { ILogArchive } from '../storage/log-archive';

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
    auditTrail: store.auditTrail,
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
  const { trailArnOrName, trailLogGroup, keys = [], roles = [], functions = [], apis = [], userPools = [] } = protectedResources(store, logArchive);
  return [
    ...(trailArnOrName ? [trailArnOrName.replace(/^arn:.*:trail\//, '')] : []),
    ...(trailLogGroup ? [trailLogGroup.logGroupName] : []),
    ...keys.map(({ keyId }) => keyId),
    ...roles.map(({ roleName }) => roleName),
    ...functions.map(({ functionName }) => functionName),
    ...apis.map(({ restApiId }) => restApiId),
    ...userPools.map(({ userPoolId }) => userPoolId),
  ];
}

/** What an auditor's tools need to find the evidence of the store. */
export function describeAudit(store: Construct, storeName: string, analytics: EgressAnalytics, trail: AuditTrail): ssm.IStringParameter {
  return auditDescriptionParameter(store, 'AuditDescription', storeName, analytics._describe(trailArnOf(store, trail)));
}

/** Everything that somebody needs who asks: Athena, and what tools find the evidence by. */
export function grantQuestions(analytics: EgressAnalytics, description: ssm.IStringParameter, grantee: iam.IGrantable): iam.Grant {
  return analytics.grantQuery(grantee)
    .combine(addPermission(grantee, { actions: ['ssm:GetParameter'], resourceArns: [description.parameterArn] }));
}
