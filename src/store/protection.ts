import type { StoreParts } from './parts';
import type { SecureModelArtifactStoreProps } from './props';
import { FUNCTIONS } from '../contract/routes';
import { storeParameterFolder } from '../contract/store-parameters';
import { storeParameterName } from '../contract/wire';
import type { ProtectedResources } from '../monitoring/tamper/protected-resources';
import type { ILogArchive } from '../storage/log-archive';

/** The resources of a store that only a deployment should change, such as its trail, keys, roles and functions. */
export function protectedResources(
  store: StoreParts, logArchive: ILogArchive, { audit }: SecureModelArtifactStoreProps,
): ProtectedResources {
  const {
    auditTrail, artifactBucket, _sessionRoles: sessionRoles, _functions: functions, _api: api, analytics,
  } = store;
  const loggingRole = api?._loggingRole;
  return {
    trailArnOrName: auditTrail.trailArnOrName,
    trailLogGroup: auditTrail.logGroup,
    artifactBuckets: [artifactBucket.bucket],
    logBuckets: [logArchive.trailBucket, logArchive.accessLogBucket],
    keys: [
      artifactBucket.encryptionKey, logArchive.encryptionKey, auditTrail.logGroupKey, functions.logEncryptionKey,
      store.signingKey, analytics?.resultsKey,
    ].filter((key) => key !== undefined),
    roles: [
      ...FUNCTIONS.flatMap((name) => [sessionRoles[name].executionRole, sessionRoles[name].sessionRole]),
      store.dataScientistRole, store.pipelineRole, store.auditorRole,
      ...(auditTrail.logDeliveryRole ? [auditTrail.logDeliveryRole] : []),
      ...(loggingRole ? [loggingRole.setterRole] : []),
      ...(audit?.analytics?.directRoles ?? []),
    ],
    functions: [...functions.all, ...(loggingRole ? [loggingRole.setter] : [])],
    functionsOfApis: api && functions.all,
    apis: api && [api.restApi],
    // An existing pool has its own owner and its own clients.
    userPools: api?.userPool && !api.authentication.cognitoOptions?.userPool ? [api.userPool] : undefined,
    analytics,
    canaryModels: audit?.canaryModels,
    parameterNames: [storeParameterName(store.storeName), storeParameterFolder(store.storeName)],
  };
}
