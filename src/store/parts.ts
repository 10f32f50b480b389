import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { SessionRoles } from '../access/session-roles';
import type { ArtifactApi } from '../api/artifact-api';
import type { StoreFunctions } from '../api/store-functions';
import type { AuditTrail } from '../audit/audit-trail';
import type { EgressAnalytics } from '../audit/egress-analytics';
import type { StoreMonitoring } from '../monitoring/store-monitoring';
import type { IArtifactBucket } from '../storage/artifact-bucket';

/** A store and its parts, for what is derived from several of them: outputs, protection and named queries. */
export interface StoreParts extends Construct {
  readonly storeName: string;
  readonly artifactBucket: IArtifactBucket;
  readonly auditTrail: AuditTrail;
  readonly signingKey?: kms.IKey;
  readonly dataScientistRole: iam.Role;
  readonly pipelineRole: iam.Role;
  readonly auditorRole: iam.Role;
  readonly analytics?: EgressAnalytics;
  readonly monitoring?: StoreMonitoring;
  readonly url?: string;
  /** @internal */
  readonly _sessionRoles: SessionRoles;
  /** @internal */
  readonly _functions: StoreFunctions;
  /** @internal */
  readonly _api?: ArtifactApi;
}
