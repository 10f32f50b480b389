import { storeParameterName } from './wire';

/** Locations of a store's logs and the settings of its audit queries. Contains no secrets. */
export interface AuditDescription {
  readonly schemaVersion: 1;
  /** Region of the store, the buckets of its log archive and its workgroup. */
  readonly region: string;
  readonly trail: TrailLogs;
  readonly accessLogs: AccessLogs;
  readonly athena: AthenaAccess;
  /**
   * In the format of a settings file: the columns of `audit_settings`, with lists as arrays, and `perimeter_networks`.
   */
  readonly settings: { readonly [name: string]: string | number | readonly string[] };
}

export interface TrailLogs {
  readonly bucketName: string;
  /** Without a trailing "/"; absent if the trail has none. */
  readonly keyPrefix?: string;
  /** Present if the trail is an organization trail. */
  readonly organizationId?: string;
  readonly accounts: readonly string[];
  /** Regions whose records are queried. */
  readonly regions: readonly string[];
  /** Absent if the store does not create the trail. */
  readonly trailArn?: string;
}

export interface AccessLogs {
  readonly bucketName: string;
  /** The prefix before `<account>/<Region>/<bucket>/<year>/…` in the keys of the log files. */
  readonly prefix: string;
}

export interface AthenaAccess {
  readonly workGroup: string;
  readonly database: string;
}

/** Name of the SSM parameter that contains the `AuditDescription`. */
export function auditParameterName(storeName: string): string {
  return `${storeParameterName(storeName)}/audit`;
}

/** Key prefix, up to the year, under which a trail delivers the log files of an account and Region. */
export function trailLogPrefix(
  kind: 'CloudTrail' | 'CloudTrail-Digest', trail: TrailLogs, account: string, region: string,
): string {
  const organization = trail.organizationId === undefined ? '' : `${trail.organizationId}/`;
  const keyPrefix = trail.keyPrefix === undefined ? '' : `${trail.keyPrefix}/`;
  return `${keyPrefix}AWSLogs/${organization}${account}/${kind}/${region}/`;
}
