import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as ssm from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { createAnalytics, describeAudit, grantQuestions } from './analytics';
import { type StoreBucket, storeBucket } from './artifacts';
import type { SecureModelArtifactStoreAttributes } from './attributes';
import { checkStore } from './checks';
import { ImportedStore, type StoreNameOptions } from './imported-store';
import { linkLifetimeOf, sessionDurationOf } from './lifetimes';
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
import type { IArtifactBucket } from '../storage/artifact-bucket';
import { type ILogArchive, LogArchive } from '../storage/log-archive';
import { SigningKey } from '../storage/signing-key';

/**
 * A complete, secure store for machine-learning models: a bucket, an API that issues presigned URLs in sessions named
 * after the caller, roles, a trail that records every read, and alarms.
 *
 * `new SecureModelArtifactStore(this, 'Models')` is all it takes. Each part is also available as a separate construct.
 */
export class SecureModelArtifactStore extends StoreBase {
  /**
   * Imports a store of this account and Region by name, to grant access to it and react to its events.
   *
   * CloudFormation reads everything else from the store's SSM parameters, under `/secure-model-artifact-store/NAME/`,
   * each time it deploys the stack. Nothing is looked up at synthesis.
   *
   * @param scope the scope of the construct
   * @param id the ID of the construct
   * @param storeName the name of the store (its stack output `StoreName`)
   * @param options facts about the store that its SSM parameters do not contain
   */
  public static fromStoreName(
    scope: Construct, id: string, storeName: string, options: StoreNameOptions = {},
  ): ISecureModelArtifactStore {
    return ImportedStore.fromStoreName(scope, id, storeName, options);
  }

  /**
   * Imports a store of this account and Region by the outputs of its stack. `fromStoreName` needs only its name.
   *
   * @param scope the scope of the construct
   * @param id the ID of the construct
   * @param attributes the attributes of the store (see the stack's outputs)
   */
  public static fromAttributes(
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
  /** The key that signs manifests; undefined if signing is off. */
  public readonly signingKey?: SigningKey;
  /** The roles of the functions, two for each function. */
  public readonly sessionRoles: SessionRoles;
  /** The three functions: upload, download and registry. */
  public readonly functions: StoreFunctions;
  /** The API; undefined if the store has none. */
  public readonly api?: ArtifactApi;
  /** The roles of people and pipelines. */
  public readonly roles: StoreRoles;
  /** The named queries about egress; undefined if the store has none. */
  public readonly analytics?: EgressAnalytics;
  /** The alarms and their topic; undefined if the store has no alarms. */
  public readonly monitoring?: StoreMonitoring;
  /** The URL of the API, without a trailing slash; undefined if the store has no API. */
  public readonly url?: string;

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
    const storage = storeBucket(this, logArchive, props, linkLifetimeOf(props));
    this.logArchive = logArchive;
    this.artifactBucket = storage.artifactBucket;
    this.auditTrail = this.createAuditTrail(logArchive, props);
    this.signingKey = props.signing === false ? undefined
      : new SigningKey(this, 'SigningKey', { removalPolicy: props.retention?.removalPolicy });
    this.sessionRoles = this.createSessionRoles(storage, props);
    this.functions = this.createFunctions(props);
    this.functions.all.forEach((fn) => this.auditTrail.addFunction(fn));
    this.api = props.api === false ? undefined : this.createApi(props);
    this.url = this.api?.url;

    this._access = {
      artifactBucket: this.artifactBucket,
      api: this.api,
      functions: this.api ? undefined : this.functions,
      logArchive: this.logArchive,
      auditLogGroup: this.auditTrail.logGroup,
    };
    this.roles = new StoreRoles(this, 'Roles', { ...this._access, ...props.access });
    this.functions._allowDefaultSessionNames(rolesWithDefaultSessionNames(this.roles, props.access));
    this._parameterArn = publishDescription(this);
    this.analytics = createAnalytics(this, logArchive, props);
    if (this.analytics) {
      this._auditDescription = describeAudit(this, this.storeName, this.analytics, this.auditTrail);
      grantQuestions(this.analytics, this._auditDescription, this.roles.auditor).assertSuccess();
    }
    this.monitoring = props.monitoring?.alarms === false ? undefined : this.createMonitoring(logArchive, props);
    if (props.retention?.emptyOnDestroy) {
      emptyOnDestroy(this, this.functions);
    }
    createOutputs(this, logArchive, props.access);
    publishValues(this, logArchive);
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
      ? grant.combine(grantQuestions(this.analytics, this._auditDescription, grantee))
      : grant;
  }

  /**
   * The number of model bytes read from S3, by any caller. Does not include copies within S3.
   *
   * @param options statistic, period and other options; by default, the sum over five minutes
   */
  public metricEgressBytes(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metricsOf('metricEgressBytes').metricEgressBytes(options);
  }

  /**
   * The number of bytes read by the person who read the most. For a store without an API, the role whose sessions read
   * the most.
   *
   * @param options period and other options; by default, a period of five minutes
   */
  public metricTopPrincipalEgressBytes(options?: cloudwatch.MathExpressionOptions): cloudwatch.MathExpression {
    return this.metricsOf('metricTopPrincipalEgressBytes').metricTopPrincipalEgressBytes(options);
  }

  /**
   * The number of requests to the artifact bucket that S3 denied.
   *
   * @param options statistic, period and other options; by default, the sum over five minutes
   */
  public metricDeniedRequests(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metricsOf('metricDeniedRequests').metricDeniedRequests(options);
  }

  private metricsOf(method: string): StoreMonitoring {
    if (!this.monitoring) {
      throw new Error(`${method} of ${this.node.path} needs the store's monitoring, but monitoring.alarms is false; `
        + 'remove monitoring.alarms or set it to true');
    }
    return this.monitoring;
  }

  private createLogArchive(props: SecureModelArtifactStoreProps): ILogArchive {
    return props.audit?.logArchive ?? new LogArchive(this, 'LogArchive', {
      retention: props.retention?.logs,
      objectLock: props.retention?.logObjectLock,
      administratorArns: props.audit?.administratorArns,
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

  private createSessionRoles(
    { artifactBucket, protection, tellOwner }: StoreBucket, props: SecureModelArtifactStoreProps,
  ): SessionRoles {
    const roles = new SessionRoles(this, 'SessionRoles', {
      artifactBucket,
      signingKey: this.signingKey?.key,
      sessionDuration: sessionDurationOf(props),
    });
    protection.restrictWriters({ versions: [roles.upload.sessionRole], aliases: [roles.registry.sessionRole] });
    this.signingKey?.restrictSigners([roles.upload.sessionRole]);
    if (!props.network?.functions) {
      // No perimeter includes Lambda's own network. In a VPC, the functions use its endpoint like any other caller.
      FUNCTIONS.forEach((name) => protection.exemptFunctionSessions(roles[name].sessionRole));
    }
    tellOwner();
    return roles;
  }

  private createFunctions(props: SecureModelArtifactStoreProps): StoreFunctions {
    const { memorySize, reservedConcurrency, provisionedConcurrency, tracing } = props.capacity ?? {};
    return new StoreFunctions(this, 'Functions', {
      artifactBucket: this.artifactBucket,
      sessionRoles: this.sessionRoles,
      signingKey: this.signingKey?.key,
      linkLifetime: linkLifetimeOf(props),
      memorySize,
      reservedConcurrency,
      provisionedConcurrency,
      tracing,
      network: props.network?.functions,
      logRetention: props.retention?.cloudWatchLogs,
      logRemovalPolicy: props.retention?.removalPolicy,
    });
  }

  private createApi(props: SecureModelArtifactStoreProps): ArtifactApi {
    const { throttlingRateLimit, throttlingBurstLimit, tracing } = props.capacity ?? {};
    return new ArtifactApi(this, 'Api', {
      functions: this.functions,
      authentication: props.authentication,
      network: props.network?.api,
      webApplicationFirewall: props.network?.webApplicationFirewall,
      domainName: props.network?.domainName,
      throttlingRateLimit,
      throttlingBurstLimit,
      tracing,
      logging: props.audit?.apiLogging,
      logRetention: props.retention?.cloudWatchLogs,
      removalPolicy: props.retention?.removalPolicy,
    });
  }

  private createMonitoring(logArchive: ILogArchive, props: SecureModelArtifactStoreProps): StoreMonitoring {
    const { alarms: _, ...options } = props.monitoring ?? {};
    const [upload, download, registry] = this.functions.logGroups;
    return new StoreMonitoring(this, 'Monitoring', {
      ...options,
      artifactBucket: this.artifactBucket,
      functions: this.functions,
      functionLogGroups: { upload, download, registry },
      api: this.api,
      sessionRoles: FUNCTIONS.map((name) => this.sessionRoles[name].sessionRole),
      auditLogGroup: this.auditTrail.logGroup,
      logArchive,
      perimeter: props.network?.perimeter,
      reservedConcurrency: props.capacity?.reservedConcurrency,
      protectedResources: protectedResources(this, logArchive),
      trailRecordsManagementEvents: this.auditTrail.recordsManagementEvents,
      removalPolicy: props.retention?.removalPolicy,
    });
  }
}

/** Roles whose sessions may have a generated name: the store's own roles that allow it, and those in the options. */
function rolesWithDefaultSessionNames(roles: StoreRoles, access: AccessOptions = {}): string[] {
  const own = (['dataScientist', 'pipeline', 'auditor'] as const)
    .filter((role) => access[role]?.allowDefaultSessionNames);
  return [...own.map((role) => roles[role].roleName), ...access.rolesWithDefaultSessionNames ?? []];
}
