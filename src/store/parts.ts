import type { Construct } from 'constructs';
import type { SessionRoles } from '../access/session-roles';
import type { StoreRoles } from '../access/store-roles';
import type { ArtifactApi } from '../api/artifact-api';
import type { StoreFunctions } from '../api/store-functions';
import type { AuditTrail } from '../audit/audit-trail';
import type { EgressAnalytics } from '../audit/egress-analytics';
import type { StoreMonitoring } from '../monitoring/store-monitoring';
import type { IArtifactBucket } from '../storage/artifact-bucket';
import type { SigningKey } from '../storage/signing-key';

/** A store and its parts, for what is derived from several of them: outputs, protection and named queries. */
export interface StoreParts extends Construct {
  readonly storeName: string;
  readonly artifactBucket: IArtifactBucket;
  readonly auditTrail: AuditTrail;
  readonly signingKey?: SigningKey;
  readonly sessionRoles: SessionRoles;
  readonly functions: StoreFunctions;
  readonly api?: ArtifactApi;
  readonly roles: StoreRoles;
  readonly analytics?: EgressAnalytics;
  readonly monitoring?: StoreMonitoring;
  readonly url?: string;
}
