/** Environment variables of the functions: written by the constructs, read by the handlers, named only here. */
export const ENV = {
  /** Name of the artifact bucket. */
  BUCKET_NAME: 'ARTIFACT_BUCKET_NAME',
  /** ARN of the key that encrypts the artifact bucket. */
  ENCRYPTION_KEY_ARN: 'ARTIFACT_KEY_ARN',
  /** ARN of the session role that this function, and no other, may assume. */
  SESSION_ROLE_ARN: 'SESSION_ROLE_ARN',
  /** Lifetime of a session in seconds; links never outlive it. */
  SESSION_SECONDS: 'SESSION_SECONDS',
  /** Lifetime of a link in seconds. */
  LINK_SECONDS: 'LINK_SECONDS',
  /** ARN of the asymmetric key that signs manifests; absent if the store does not sign. */
  SIGNING_KEY_ARN: 'SIGNING_KEY_ARN',
  /** `iam`, `cognito` or `none` (functions invoked directly). */
  AUTHENTICATION: 'AUTHENTICATION',
  /**
   * JSON: the roles whose sessions may have a name that an SDK made up. Each is a role's name, or the beginning of one with a
   * `*` behind. Absent if there are none.
   */
  ROLES_WITH_DEFAULT_SESSION_NAMES: 'ROLES_WITH_DEFAULT_SESSION_NAMES',
  /** For Cognito: JSON, `GroupPermissions`. */
  GROUP_PERMISSIONS: 'GROUP_PERMISSIONS',
} as const;

/** Which Cognito group may do what with which models. A user in several groups may do what any of them may. */
export interface GroupPermission {
  readonly group: string;
  readonly permissions: readonly string[];
  /** Model patterns; `*` is every model. */
  readonly models: readonly string[];
}

export type GroupPermissions = readonly GroupPermission[];

/** Names of the session tags, which CloudTrail shows with every AssumeRole and IAM policies can match. */
export const SESSION_TAGS = {
  /** The caller's full ARN (or Cognito user), with characters that a tag may not carry replaced by `_`. */
  CALLER: 'caller',
  MODEL: 'model',
  /** The id of the API request, which the functions' and the API's logs carry too. */
  REQUEST_ID: 'request-id',
} as const;

/** The query parameter of a link that says from which address it was asked for; the views read it. */
export const ASKED_FROM_PARAMETER = 'x-asked-from';

/** Where the functions' bundles lie in the package, below `assets/`. */
export const BUNDLE_FOLDER = 'assets';

/** Metric namespace of the library. */
export const METRIC_NAMESPACE = 'SecureModelArtifactStore';
