import { Aws, Duration, Names, RemovalPolicy, Size, Stack } from 'aws-cdk-lib';
import * as athena from 'aws-cdk-lib/aws-athena';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type * as ssm from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { accessLogTable } from './access-log-table';
import { auditDescriptionParameter } from './audit-description-parameter';
import { athenaViews, auditQueries } from './audit-queries';
import { auditSettings, auditSettingsFile } from './audit-settings';
import { DEFAULT_ACCESS_LOG_PREFIX, describeEvidence } from './describe-evidence';
import { checkEgressAnalytics, warnOfUnresolvedPerimeter } from './egress-analytics-checks';
import type { EgressAnalyticsProps } from './egress-analytics-props';
import { EgressCatalog } from './egress-catalog';
import { expectAccessLogsOf } from './expected-access-logs';
import { QueryResults } from './query-results';
import { networksView, settingsView } from './settings-view';
import { trailArnOf, withTrail } from './trail-defaults';
import { trailTable } from './trail-table';
import { withOwnNames } from './watched-names';
import { checkGrantee } from '../common/grantee';
import { addPermission, type Permission, reportUnchangedRole } from '../common/permission-writer';
import { Problems } from '../common/problems';
import { refuseWeakening } from '../common/weakened-resources';
import { type AuditDescription, auditParameterName } from '../contract/audit-description';
import { INVOCATION_COLUMNS } from '../contract/egress-events';
import { viaS3 } from '../storage/storage-key';

const DEFAULT_REACH = Duration.days(400);
const DEFAULT_RESULT_RETENTION = Duration.days(30);
const DEFAULT_SCAN_LIMIT = Size.gibibytes(100);

/** With the API, sessions are named after the caller, so no session is named by the ID of an invocation. */
const NULL_INVOCATION = INVOCATION_COLUMNS.map(({ name, type }) => `CAST(NULL AS ${type}) AS ${name}`).join(', ');
const NO_INVOCATIONS = `SELECT ${NULL_INVOCATION} WHERE false`;

/**
 * Reports who downloaded which model, from where, and how many bytes, with Amazon Athena: tables and views over the log
 * archive, a workgroup, and named queries. Charges apply only when a query runs.
 *
 * The parameters of a query are the first and last day of its range, as `'YYYY-MM-DD'`. Some queries take the two more
 * than once.
 */
export class EgressAnalytics extends Construct {
  /** Name of the Glue database. */
  public readonly databaseName: string;
  /** Name of the Athena workgroup. */
  public readonly workGroupName: string;
  /** Names of the queries, such as `egress-by-principal`. */
  public readonly queryNames: string[];
  /** The bucket for query results. */
  public readonly resultsBucket: s3.IBucket;
  /** The key that encrypts the results. */
  public readonly resultsKey: kms.IKey;

  /**
   * IDs of the named queries in Athena.
   *
   * @internal
   */
  public readonly _namedQueryIds: string[] = [];

  /**
   * Name of the SSM parameter that describes the logs for auditors, if this construct creates it.
   *
   * @internal
   */
  public readonly _parameterName?: string;

  private readonly description?: ssm.IStringParameter;
  private readonly catalog: EgressCatalog;
  private readonly props: EgressAnalyticsProps;

  /**
   * @param scope the construct to create it in
   * @param id id of the construct, unique within the scope
   * @param props its properties
   */
  constructor(scope: Construct, id: string, props: EgressAnalyticsProps) {
    super(scope, id);
    const problems = Problems.of(this);
    checkEgressAnalytics(problems, this, props);
    problems.throwIfAny('EgressAnalytics');
    warnOfUnresolvedPerimeter(this, props);
    props = withTrail(props);
    expectAccessLogsOf(this, props);
    const removalPolicy = props.removalPolicy ?? RemovalPolicy.RETAIN;
    const databaseNaming = { maxLength: 128, separator: '_', allowedSpecialCharacters: '_' };
    this.databaseName = props.databaseName
      ?? Names.uniqueResourceName(this, databaseNaming).toLowerCase().replace(/^(?=[^a-z])/, 'm');
    this.workGroupName = props.workGroupName ?? Names.uniqueResourceName(this, { maxLength: 128, separator: '-' });
    props = withOwnNames(this, props, [this.databaseName, this.workGroupName]);
    this.props = props;

    const results = new QueryResults(this, 'Results', {
      accessLogBucket: props.logArchive.accessLogBucket,
      encryptionKey: props.encryptionKey,
      retention: props.resultRetention ?? DEFAULT_RESULT_RETENTION,
      removalPolicy,
    });
    refuseWeakening(this, { removalPolicy });
    this.resultsBucket = results.bucket;
    this.resultsKey = results.encryptionKey;
    this.catalog = this.createCatalog(props);
    this.queryNames = this.createQueries(this.createWorkGroup(props));
    this._parameterName = props.storeName === undefined ? undefined : auditParameterName(props.storeName);
    this.description = props.storeName === undefined ? undefined : auditDescriptionParameter(
      this, 'Description', props.storeName, this._describe(trailArnOf(this, props.auditTrail)));
  }

  /**
   * Grants permission to run the named queries: to use the workgroup, its queries, their results and the tables. Athena
   * reads the logs with the permissions of the caller, so the grantee also needs permission to read the logs, as
   * granted by `grantAudit` of the store.
   *
   * @param grantee the principal that gets the permission; must be in the same account and have a policy
   */
  public grantQuery(grantee: iam.IGrantable): iam.Grant {
    const problems = Problems.of(this);
    checkGrantee(problems, this, grantee);
    problems.throwIfAny('EgressAnalytics.grantQuery');
    const arn = (service: string, resource: string, resourceName?: string) => (
      Stack.of(this).formatArn({ service, resource, resourceName }));
    const permissions: Permission[] = [
      {
        actions: [
          'athena:StartQueryExecution', 'athena:StopQueryExecution',
          'athena:GetQueryExecution', 'athena:BatchGetQueryExecution',
          'athena:ListQueryExecutions', 'athena:GetQueryResults', 'athena:GetQueryResultsStream', 'athena:GetWorkGroup',
          'athena:ListNamedQueries', 'athena:GetNamedQuery', 'athena:BatchGetNamedQuery',
        ],
        resourceArns: [arn('athena', 'workgroup', this.workGroupName)],
      },
      {
        actions: [
          'glue:GetDatabase', 'glue:GetTable', 'glue:GetTables', 'glue:GetPartition', 'glue:GetPartitions',
          'glue:BatchGetPartition',
        ],
        resourceArns: [
          arn('glue', 'catalog'),
          arn('glue', 'database', this.databaseName),
          ...this.catalog.tableNames.map((table) => arn('glue', 'table', `${this.databaseName}/${table}`)),
        ],
      },
      {
        actions: ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'],
        resourceArns: [this.resultsBucket.bucketArn],
      },
      {
        actions: ['s3:GetObject', 's3:PutObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'],
        resourceArns: [this.resultsBucket.arnForObjects('*')],
        wildcardReason: 'Athena names each result after the ID of its query; the bucket contains only results.',
      },
      {
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resourceArns: [this.resultsKey.keyArn],
        conditions: { StringEquals: { 'kms:ViaService': viaS3(Aws.REGION) } },
      },
      ...this.description ? [{ actions: ['ssm:GetParameter'], resourceArns: [this.description.parameterArn] }] : [],
    ];
    const grant = permissions
      .map((permission) => addPermission(grantee, permission))
      .reduce((all, one) => all.combine(one));
    reportUnchangedRole(this, grantee, 'Query', grant);
    return grant;
  }

  /**
   * Describes the logs and how to query them, for tools outside of the stack.
   *
   * @internal
   */
  public _describe(trailArn?: string): AuditDescription {
    const settings = auditSettingsFile(auditSettings(this.props), this.props.perimeter?.cidrs);
    return describeEvidence(
      this.props, { workGroup: this.workGroupName, database: this.databaseName }, settings, trailArn,
    );
  }

  private createCatalog(props: EgressAnalyticsProps): EgressCatalog {
    const { logArchive, artifactBucket } = props;
    const days = (props.reach ?? DEFAULT_REACH).toDays();
    const catalog = new EgressCatalog(this, 'Catalog', this.databaseName);
    catalog.addTable('TrailRecords', 'trail_records', trailTable({
      bucketName: logArchive.trailBucket.bucketName,
      keyPrefix: props.trailKeyPrefix,
      organizationId: props.trailOrganizationId,
      accounts: props.trailAccounts ?? [Aws.ACCOUNT_ID],
      regions: props.trailRegions ?? [Aws.REGION],
      days,
    }));
    catalog.addTable('AccessLogRecords', 'access_log_records', accessLogTable({
      bucketName: logArchive.accessLogBucket.bucketName,
      prefix: props.accessLogPrefix ?? DEFAULT_ACCESS_LOG_PREFIX,
      account: Aws.ACCOUNT_ID,
      region: Aws.REGION,
      sourceBucketName: artifactBucket.bucket.bucketName,
      days,
    }));
    catalog.addView('AuditSettings', 'audit_settings', settingsView(auditSettings(props)));
    catalog.addView('PerimeterNetworks', 'perimeter_networks', networksView(props.perimeter?.cidrs ?? []));
    const views = athenaViews();
    catalog.addView('DeliveredEvents', 'delivered_events', views.delivered_events);
    catalog.addView('TrailEvents', 'trail_events', views.trail_events);
    catalog.addView('AccessLogRequests', 'access_log_requests', views.access_log_requests);
    catalog.addView('Invocations', 'invocations', props.directInvocations ? views.invocations : NO_INVOCATIONS);
    catalog.addView('OpenedSessions', 'opened_sessions', views.opened_sessions);
    catalog.addView('SessionChains', 'session_chains', views.session_chains);
    catalog.addView('EgressEvents', 'egress_events', views.egress_events);
    catalog.addView('HabitualReads', 'habitual_reads', views.habitual_reads);
    return catalog;
  }

  private createWorkGroup(props: EgressAnalyticsProps): athena.CfnWorkGroup {
    return new athena.CfnWorkGroup(this, 'WorkGroup', {
      name: this.workGroupName,
      description: 'Audit queries on downloads from the model store',
      // The name is derived from the path, so a retained workgroup would block the next deployment of the stack. The
      // results bucket and the CloudTrail records of the queries remain.
      recursiveDeleteOption: true,
      workGroupConfiguration: {
        // Prevents results in other locations or without encryption.
        enforceWorkGroupConfiguration: true,
        publishCloudWatchMetricsEnabled: true,
        requesterPaysEnabled: false,
        bytesScannedCutoffPerQuery: (props.scanLimit ?? DEFAULT_SCAN_LIMIT).toBytes(),
        engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
        resultConfiguration: {
          outputLocation: `s3://${this.resultsBucket.bucketName}/`,
          expectedBucketOwner: Aws.ACCOUNT_ID,
          encryptionConfiguration: { encryptionOption: 'SSE_KMS', kmsKey: this.resultsKey.keyArn },
        },
      },
    });
  }

  private createQueries(workGroup: athena.CfnWorkGroup): string[] {
    return auditQueries().map(({ name, question, sql }) => {
      const query = new athena.CfnNamedQuery(this, `Query-${name}`, {
        name, description: question, queryString: sql, database: this.databaseName, workGroup: this.workGroupName,
      });
      query.node.addDependency(workGroup);
      this._namedQueryIds.push(query.attrNamedQueryId);
      return name;
    });
  }
}
