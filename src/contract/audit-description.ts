import { storeParameterName } from './wire';

/** What whoever audits a store needs to find its evidence and to ask about it; nothing of it is secret. */
export interface AuditDescription {
  readonly schemaVersion: 1;
  /** The Region of the store, its archive's buckets and its workgroup. */
  readonly region: string;
  readonly trail: TrailLogs;
  readonly accessLogs: AccessLogs;
  readonly athena: AthenaAccess;
  /** As in a file of settings: the columns of `audit_settings`, lists as lists, and `perimeter_networks`. */
  readonly settings: { readonly [name: string]: string | number | readonly string[] };
}

export interface TrailLogs {
  readonly bucketName: string;
  /** Without "/" at the end; absent if the trail has none. */
  readonly keyPrefix?: string;
  /** Present if the trail is an organization's. */
  readonly organizationId?: string;
  readonly accounts: readonly string[];
  /** The Regions whose records are searched. */
  readonly regions: readonly string[];
  /** Absent if the trail is not the store's own. */
  readonly trailArn?: string;
}

export interface AccessLogs {
  readonly bucketName: string;
  /** Up to the year of the log: `<prefix><account>/<Region>/<bucket>/`. */
  readonly prefix: string;
}

export interface AthenaAccess {
  readonly workGroup: string;
  readonly database: string;
}

/** An SSM parameter of this name holds the `AuditDescription`. */
export function auditParameterName(storeName: string): string {
  return `${storeParameterName(storeName)}/audit`;
}

/** Where a trail delivers what happened in an account and Region, up to the year. */
export function trailLogPrefix(kind: 'CloudTrail' | 'CloudTrail-Digest', trail: TrailLogs, account: string, region: string): string {
  const organization = trail.organizationId === undefined ? '' : `${trail.organizationId}/`;
  return `${trail.keyPrefix === undefined ? '' : `${trail.keyPrefix}/`}AWSLogs/${organization}${account}/${kind}/${region}/`;
}
