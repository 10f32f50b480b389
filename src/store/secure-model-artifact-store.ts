import type * as apigateway from 'aws-cdk-lib/aws-apigateway';
import type * as cognito from 'aws-cdk-lib/aws-cognito';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as ssm from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { createAnalytics, describeAudit, grantQueries } from './analytics';
import { createSigningKey, storeBucket } from './artifacts';
import type { SecureModelArtifactStoreAttributes } from './attributes';
import { checkStore } from './checks';
import { ImportedStore } from './imported-store';
import { presignedUrlLifetimeOf, sessionDurationOf } from './lifetimes';
import { storeNameOf } from './names';
import { createOutputs, publishDescription, publishValues } from './outputs';
import type { AccessOptions, SecureModelArtifactStoreProps } from './props';
import { protectedResources } from './protection';
import { emptyOnDestroy, sandboxProps } from './sandbox';
import { type ISecureModelArtifactStore, StoreBase } from './store-base';
import { SessionRoles } from '../access/session-roles';
import type { StoreAccess } from '../access/store-access';
import { StoreRoles } from '../access/store-roles';
import { ArtifactApi } from '../api/artifact-api';
import { StoreFunctions } from '../api/store-functions';
import { AuditTrail } from '../audit/audit-trail';
import type { EgressAnalytics } from '../audit/egress-analytics';
import { FUNCTIONS } from '../contract/routes';
import { StoreMonitoring } from '../monitoring/store-monitoring';
import type { MonitoredStore } from '../monitoring/store-monitoring-props';
import type { IArtifactBucket } from '../storage/artifact-bucket';
import type { ArtifactBucketPolicy } from '../storage/artifact-bucket-policy';
import { type ILogArchive, LogArchive } from '../storage/log-archive';
import type { SigningKey } from '../storage/signing-key';

/**
 * A complete, secure store for machine-learning models: a bucket, an API that issues presigned URLs in sessions named
 * after the caller, roles, a trail that records every read, and alarms.
 *
 * `new SecureModelArtifactStore(this, 'Models')` is all it takes. Parts that are useful on their own are available as
 * separate constructs: `ArtifactBucket`, `LogArchive`, `AuditTrail`, `EgressAnalytics` and `StoreMonitoring`.
 */
export class SecureModelArtifactStore extends StoreBase implements ec2.IConnectable {
  /**
   * Imports a store in this account and Region by name, to grant access to it and react to its events.
   *
   * CloudFormation reads everything else from the store's SSM parameters, under `/secure-model-artifact-store/NAME/`,
   * each time it deploys the stack. Nothing is looked up at synthesis.
   *
   * @param scope the scope of the construct
   * @param id the ID of the construct
   * @param storeName the name of the store (its stack output `StoreName`)
   */
  public static fromStoreName(scope: Construct, id: string, storeName: string): ISecureModelArtifactStore {
    return ImportedStore.fromStoreName(scope, id, storeName, true);
  }

  /**
   * Imports a store of this account and Region that was created with `api: false`, by its name. Such a store publishes
   * its functions instead of an API.
   *
   * @param scope the scope of the construct
   * @param id the ID of the construct
   * @param storeName the name of the store (its stack output `StoreName`)
   */
  public static fromStoreNameWithoutApi(scope: Construct, id: string, storeName: string): ISecureModelArtifactStore {
    return ImportedStore.fromStoreName(scope, id, storeName, false);
  }

  /**
   * Imports a store of this account and Region by the outputs of its stack. `fromStoreName` needs only its name.
   *
   * @param scope the scope of the construct
   * @param id the ID of the construct
   * @param attributes the attributes of the store (see the stack's outputs)
   */
  public static fromSecureModelArtifactStoreAttributes(
    scope: Construct, id: string, attributes: SecureModelArtifactStoreAttributes,
  ): ISecureModelArtifactStore {
    return ImportedStore.fromAttributes(scope, id, attributes);
  }

  /** The name that clients use to find the store. */
  public readonly storeName: string;
  /** The bucket that holds the models, and its key. */
  public readonly artifactBucket: IArtifactBucket;
  /** The log archive that keeps the evidence. */
  public readonly logArchive?: ILogArchive;
  /** The trail that records who reads and writes models. */
  public readonly auditTrail: AuditTrail;
  /** The asymmetric key that signs manifests; undefined if signing is off. */
  public readonly signingKey?: kms.IKey;
  /** The function that accepts uploads and publishes versions; the alias `live` with `capacity.minCapacity`. */
  public readonly uploadFunction: lambda.IFunction;
  /** The function that signs download URLs; the alias `live` with `capacity.minCapacity`. */
  public readonly downloadFunction: lambda.IFunction;
  /** The function that lists, shows and moves aliases; the alias `live` with `capacity.minCapacity`. */
  public readonly registryFunction: lambda.IFunction;
  /** The REST API; undefined if the store has none. */
  public readonly restApi?: apigateway.RestApi;
  /** The user pool whose users call the API; undefined unless the API authenticates with Cognito. */
  public readonly userPool?: cognito.IUserPool;
  /** The client that people sign in with; undefined with IAM, and for an existing pool whose client is not set. */
  public readonly userPoolClient?: cognito.IUserPoolClient;
  /** The role of data scientists, which pushes and pulls. It cannot move aliases. */
  public readonly dataScientistRole: iam.Role;
  /** The role of deployment pipelines, which pulls and moves aliases. It cannot push. */
  public readonly pipelineRole: iam.Role;
  /** The role of auditors, which reads logs and manifests. It is always denied the bytes of models. */
  public readonly auditorRole: iam.Role;
  /** The named queries about egress; undefined if the store has none. */
  public readonly analytics?: EgressAnalytics;
  /** The alarms and their topic; undefined if the store has no alarms. */
  public readonly monitoring?: StoreMonitoring;
  /** The URL of the API, without a trailing slash; undefined if the store has no API. */
  public readonly url?: string;

  /** @internal */
  public readonly _functions: StoreFunctions;
  /** @internal */
  public readonly _sessionRoles: SessionRoles;
  /** @internal */
  public readonly _api?: ArtifactApi;
  /** @internal */
  protected readonly _access: StoreAccess;
  /** @internal */
  protected readonly _parameterArn: string;
  /** @internal */
  protected readonly _auditDescription?: ssm.IStringParameter;

  /**
   * @param scope the scope to create the construct in
   * @param id the ID of the construct, unique within the scope
   * @param props the properties of the store; every property has a secure default
   */
  constructor(scope: Construct, id: string, props: SecureModelArtifactStoreProps = {}) {
    super(scope, id);
    this.storeName = props.storeName ?? storeNameOf(this);
    checkStore(this, this.storeName, props);
    props = sandboxProps(this, props);

    const logArchive = this.createLogArchive(props);
    const { artifactBucket, policy } = storeBucket(this, logArchive, props);
    this.logArchive = logArchive;
    this.artifactBucket = artifactBucket;
    this.auditTrail = this.createAuditTrail(logArchive, props);
    const signingKey = createSigningKey(this, props);
    this.signingKey = signingKey?.key;
    this._sessionRoles = new SessionRoles(this, 'SessionRoles', {
      artifactBucket,
      signingKey: this.signingKey,
      formerSigningKeys: props.signing?.formerKeys,
      sessionDuration: sessionDurationOf(props),
    });
    restrictToSessions(this._sessionRoles, policy, signingKey, props);
    this._functions = this.createFunctions(props);
    [this.uploadFunction, this.downloadFunction, this.registryFunction] = this._functions.all;
    this._functions.all.forEach((fn) => this.auditTrail.addFunction(fn));
    this._api = props.api === false ? undefined : this.createApi(props);
    this.restApi = this._api?.restApi;
    this.userPool = this._api?.userPool;
    this.userPoolClient = this._api?.userPoolClient;
    this.url = this._api?.url;

    this._access = {
      artifactBucket,
      api: this._api,
      functions: this._api ? undefined : this._functions,
      logArchive,
      auditLogGroup: this.auditTrail.logGroup,
    };
    const roles = new StoreRoles(this, 'Roles', { ...this._access, ...props.access });
    this.dataScientistRole = roles.dataScientist;
    this.pipelineRole = roles.pipeline;
    this.auditorRole = roles.auditor;
    this._functions._allowDefaultSessionNames(rolesWithDefaultSessionNames(roles, props.access));
    this._parameterArn = publishDescription(this);
    this.analytics = createAnalytics(this, logArchive, props);
    if (this.analytics) {
      this._auditDescription = describeAudit(this, this.storeName, this.analytics, this.auditTrail);
      grantQueries(this.analytics, this._auditDescription, this.auditorRole).assertSuccess();
    }
    this.monitoring = props.monitoring?.enabled === false ? undefined : this.createMonitoring(logArchive, props);
    if (props.retention?.emptyOnDestroy) {
      emptyOnDestroy(this, this._functions);
    }
    createOutputs(this, logArchive, props.access);
    publishValues(this, logArchive);
  }

  /** The network connections of the functions. Throws an error if they are not attached to a VPC. */
  public get connections(): ec2.Connections {
    return this._functions.connections;
  }

  /**
   * Grants permission to audit: read manifests, aliases and logs, and run the named queries. Does not allow downloading
   * files.
   *
   * @param grantee the principal to grant permission to; it must belong to this account and have a policy
   * @param models model patterns such as `fraud-*`; a grant limited to models covers their manifests, but neither logs
   * nor queries
   */
  public grantAudit(grantee: iam.IGrantable, models?: string[]): iam.Grant {
    const grant = super.grantAudit(grantee, models);
    return models === undefined && this.analytics && this._auditDescription
      ? grant.combine(grantQueries(this.analytics, this._auditDescription, grantee))
      : grant;
  }

  private createLogArchive(props: SecureModelArtifactStoreProps): ILogArchive {
    return props.audit?.logArchive ?? new LogArchive(this, 'LogArchive', {
      retention: props.retention?.logs,
      objectLock: props.retention?.logObjectLock,
      administrators: props.audit?.administrators,
      removalPolicy: props.retention?.removalPolicy,
    });
  }

  private createAuditTrail(logArchive: ILogArchive, props: SecureModelArtifactStoreProps): AuditTrail {
    return new AuditTrail(this, 'AuditTrail', {
      artifactBucket: this.artifactBucket,
      logArchive,
      source: props.audit?.trail,
      managementEvents: props.audit?.managementEvents,
      isMultiRegion: props.audit?.isMultiRegion,
      organizationId: props.audit?.organizationId,
      trailName: props.audit?.trailName,
      // The owner of an existing trail decides how long its log group is kept.
      logRetention: (props.audit?.trail?._kind ?? 'own') === 'own' ? props.retention?.cloudWatchLogs : undefined,
      removalPolicy: props.retention?.removalPolicy,
    });
  }

  private createFunctions(props: SecureModelArtifactStoreProps): StoreFunctions {
    return new StoreFunctions(this, 'Functions', {
      ...props.capacity,
      ...props.network,
      artifactBucket: this.artifactBucket,
      sessionRoles: this._sessionRoles,
      signingKey: this.signingKey,
      formerSigningKeys: props.signing?.formerKeys,
      presignedUrlLifetime: presignedUrlLifetimeOf(props),
      logRetention: props.retention?.cloudWatchLogs,
      logRemovalPolicy: props.retention?.removalPolicy,
    });
  }

  private createApi(props: SecureModelArtifactStoreProps): ArtifactApi {
    return new ArtifactApi(this, 'Api', {
      ...props.capacity,
      ...props.network,
      functions: this._functions,
      authentication: props.authentication,
      logging: props.audit?.apiLogging,
      logRetention: props.retention?.cloudWatchLogs,
      removalPolicy: props.retention?.removalPolicy,
    });
  }

  private createMonitoring(logArchive: ILogArchive, props: SecureModelArtifactStoreProps): StoreMonitoring {
    const { enabled: _, ...options } = props.monitoring ?? {};
    const store: MonitoredStore = {
      ...options,
      artifactBucket: this.artifactBucket,
      functions: this._functions,
      functionLogGroups: this._functions.logGroups,
      api: this._api,
      sessionRoles: FUNCTIONS.map((name) => this._sessionRoles[name].sessionRole),
      auditLogGroup: this.auditTrail.logGroup,
      logArchive,
      perimeter: props.network?.perimeter,
      reservedConcurrentExecutions: props.capacity?.reservedConcurrentExecutions,
      protectedResources: protectedResources(this, logArchive, props),
      trailRecordsManagementEvents: this.auditTrail.recordsManagementEvents,
      removalPolicy: props.retention?.removalPolicy,
    };
    return new StoreMonitoring(this, 'Monitoring', store);
  }
}

/** Only sessions of the store's functions can write objects and sign manifests. */
function restrictToSessions(
  roles: SessionRoles, policy: ArtifactBucketPolicy, signingKey: SigningKey | undefined,
  props: SecureModelArtifactStoreProps,
): void {
  policy.restrictWriters({ versions: [roles.upload.sessionRole], aliases: [roles.registry.sessionRole] });
  signingKey?.restrictSigners([roles.upload.sessionRole]);
  if (!props.network?.vpc) {
    // No perimeter includes Lambda's own network. In a VPC, the functions use its endpoint like any other caller.
    FUNCTIONS.forEach((name) => policy.exemptFunctionSessions(roles[name].sessionRole));
  }
}

/** Roles whose sessions may have a generated name: the store's own roles that allow it, and those in the options. */
function rolesWithDefaultSessionNames(roles: StoreRoles, access: AccessOptions = {}): string[] {
  const own = (['dataScientist', 'pipeline', 'auditor'] as const)
    .filter((role) => access[role]?.allowDefaultSessionNames);
  return [...own.map((role) => roles[role].roleName), ...access.rolesWithDefaultSessionNames ?? []];
}
