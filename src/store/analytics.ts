import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as ssm from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import type { StoreParts } from './parts';
import type { SecureModelArtifactStoreProps } from './props';
import { protectedResources } from './protection';
import { auditDescriptionParameter } from '../audit/audit-description-parameter';
import type { AuditTrail } from '../audit/audit-trail';
import { EgressAnalytics } from '../audit/egress-analytics';
import { trailArnOf } from '../audit/trail-defaults';
import { addPermission } from '../common/permission-writer';
import { RolePolicies } from '../common/role-policies';
import { FUNCTIONS } from '../contract/routes';
import type { ILogArchive } from '../storage/log-archive';

/** Creates the named queries that the store's auditors can run. Without a trail there is nothing to query. */
export function createAnalytics(
  store: StoreParts, logArchive: ILogArchive, props: SecureModelArtifactStoreProps,
): EgressAnalytics | undefined {
  const { enabled, ...options } = props.audit?.analytics ?? {};
  if (enabled === false || props.audit?.trail?._kind === 'none') {
    return undefined;
  }
  const { artifactBucket, _sessionRoles: sessionRoles } = store;
  const analytics = new EgressAnalytics(store, 'Analytics', {
    ...options,
    artifactBucket,
    logArchive,
    auditTrail: store.auditTrail,
    perimeter: props.network?.perimeter,
    sessionRoles: FUNCTIONS.map((name) => sessionRoles[name].sessionRole),
    functionRoles: FUNCTIONS.map((name) => sessionRoles[name].executionRole),
    auditorRoles: [store.auditorRole],
    callerRoles: [store.dataScientistRole, store.pipelineRole, store.auditorRole],
    watchedResources: watchedNames(store, logArchive, props),
    canaryModels: props.audit?.canaryModels,
    directInvocations: props.api === false,
    reach: props.retention?.logs,
    removalPolicy: props.retention?.removalPolicy,
  });
  return analytics;
}

/** Names of the resources that are monitored for tampering, as they appear in requests. */
function watchedNames(store: StoreParts, logArchive: ILogArchive, props: SecureModelArtifactStoreProps): string[] {
  const {
    trailArnOrName, trailLogGroup, keys = [], roles = [], functions = [], apis = [], userPools = [],
  } = protectedResources(store, logArchive, {});
  return [
    ...(trailArnOrName ? [trailArnOrName.replace(/^arn:.*:trail\//, '')] : []),
    ...(trailLogGroup ? [trailLogGroup.logGroupName] : []),
    ...keys.map(({ keyId }) => keyId),
    ...roles.map(({ roleName }) => roleName),
    ...functions.map(({ functionName }) => functionName),
    ...apis.map(({ restApiId }) => restApiId),
    ...userPools.map(({ userPoolId }) => userPoolId),
    // Other topics and policies have generated names, which begin with the name of the stack.
    ...(props.monitoring?.topic ? [props.monitoring.topic.topicName] : []),
    ...namedPolicies(props),
  ];
}

/** The names that the roles' policies can have if they are not generated. */
function namedPolicies({ access }: SecureModelArtifactStoreProps): string[] {
  return [access?.dataScientist, access?.pipeline, access?.auditor]
    .flatMap((options) => (options?.policyName === undefined ? [] : RolePolicies.namesOf(options.policyName)));
}

/** Publishes what an auditor's tools need to find the store's evidence. */
export function describeAudit(
  store: Construct, storeName: string, analytics: EgressAnalytics, trail: AuditTrail,
): ssm.IStringParameter {
  return auditDescriptionParameter(store, 'AuditDescription', storeName, analytics._describe(trailArnOf(store, trail)));
}

/** Grants permission to run the named queries: access to Athena, and to the parameter that locates the evidence. */
export function grantQueries(
  analytics: EgressAnalytics, description: ssm.IStringParameter, grantee: iam.IGrantable,
): iam.Grant {
  return analytics.grantQuery(grantee)
    .combine(addPermission(grantee, { actions: ['ssm:GetParameter'], resourceArns: [description.parameterArn] }));
}
