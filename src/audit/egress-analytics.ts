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
import { trailArnOf, withTrail } from './questioned-trail';
import { networksView, settingsView } from './settings-view';
import { trailTable } from './trail-table';
import { withOwnNames } from './watched-names';
import { checkGrantee } from '../common/grantee';
import { addPermission, type Permission, reportUnchangedRole } from '../common/permission-writer';
import { Problems } from '../common/problems';
import { type AuditDescription, auditParameterName } from '../contract/audit-description';
import { INVOCATION_COLUMNS } from '../contract/egress-events';
import { viaS3 } from '../storage/storage-key';

const DEFAULT_REACH = Duration.days(400);
const DEFAULT_RESULT_RETENTION = Duration.days(30);
const DEFAULT_SCAN_LIMIT = Size.gibibytes(100);

/** With the API, sessions bear the caller's own name, and no query has to look for one. */
const NO_INVOCATIONS = `SELECT ${INVOCATION_COLUMNS.map(({ name, type }) => `CAST(NULL AS ${type}) AS ${name}`).join(', ')} WHERE false`;

/**
 * Answers who took which model out of the store, from where and how many bytes: tables and views over the log archive, an
 * Athena workgroup, and the named queries. Nothing runs, and nothing is paid for, until somebody asks.
 *
 * The parameters of a query are the first and the last day that it is about, as `'YYYY-MM-DD'`; some ask for the two twice.
 */
export class EgressAnalytics extends Construct {
  /** Name of the Glue database. */
  public readonly databaseName: string;
  /** Name of the Athena workgroup. */
  public readonly workGroupName: string;
  /** Names of the queries, such as `egress-by-principal`. */
  public readonly queryNames: string[];
  /** Where the results are left. */
  public readonly resultsBucket: s3.IBucket;
  /** The key that encrypts the results. */
  public readonly resultsKey: kms.IKey;

  /**
   * Ids of the queries in Athena.
   *
   * @internal
   */
  public readonly _namedQueryIds: string[] = [];

  /**
   * Name of the parameter that auditors find the evidence by, if it was made here.
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
    this.databaseName = props.databaseName ?? Names.uniqueResourceName(this, { maxLength: 128, separator: '_', allowedSpecialCharacters: '_' })
      .toLowerCase().replace(/^(?=[^a-z])/, 'm');
    this.workGroupName = props.workGroupName ?? Names.uniqueResourceName(this, { maxLength: 128, separator: '-' });
    props = withOwnNames(this, props, [this.databaseName, this.workGroupName]);
    this.props = props;

    const results = new QueryResults(this, 'Results', {
      accessLogBucket: props.logArchive.accessLogBucket,
      encryptionKey: props.encryptionKey,
      retention: props.resultRetention ?? DEFAULT_RESULT_RETENTION,
      removalPolicy,
    });
    this.resultsBucket = results.bucket;
    this.resultsKey = results.encryptionKey;
    this.catalog = this.createCatalog(props);
    this.queryNames = this.createQueries(this.createWorkGroup(props));
    this._parameterName = props.storeName === undefined ? undefined : auditParameterName(props.storeName);
    this.description = props.storeName === undefined ? undefined : auditDescriptionParameter(
      this, 'Description', props.storeName, this._describe(trailArnOf(this, props.auditTrail)));
  }

  /**
   * Grants permission to run the named queries: the workgroup, its queries and their results, and the tables. Athena reads
   * the logs with the permissions of whoever asks, so the grantee also needs permission to read them, as `grantAudit` of the
   * store gives.
   *
   * @param grantee the principal that gets the permission; one of another account, or without a policy, is refused
   */
  public grantQuery(grantee: iam.IGrantable): iam.Grant {
    const problems = Problems.of(this);
    checkGrantee(problems, this, grantee);
    problems.throwIfAny('EgressAnalytics.grantQuery');
    const arn = (service: string, resource: string, resourceName?: string) => Stack.of(this).formatArn({ service, resource, resourceName });
    const permissions: Permission[] = [
      {
        actions: [
          'athena:StartQueryExecution', 'athena:StopQueryExecution', 'athena:GetQueryExecution', 'athena:BatchGetQueryExecution',
          'athena:ListQueryExecutions', 'athena:GetQueryResults', 'athena:GetQueryResultsStream', 'athena:GetWorkGroup',
          'athena:ListNamedQueries', 'athena:GetNamedQuery', 'athena:BatchGetNamedQuery',
        ],
        resourceArns: [arn('athena', 'workgroup', this.workGroupName)],
      },
      {
        actions: ['glue:GetDatabase', 'glue:GetTable', 'glue:GetTables', 'glue:GetPartition', 'glue:GetPartitions', 'glue:BatchGetPartition'],
        resourceArns: [
          arn('glue', 'catalog'),
          arn('glue', 'database', this.databaseName),
          ...this.catalog.tableNames.map((table) => arn('glue', 'table', `${this.databaseName}/${table}`)),
        ],
      },
      { actions: ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'], resourceArns: [this.resultsBucket.bucketArn] },
      {
        actions: ['s3:GetObject', 's3:PutObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'],
        resourceArns: [this.resultsBucket.arnForObjects('*')],
        wildcardReason: 'Athena names each result by the id of its query; the bucket holds nothing but results.',
      },
      {
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resourceArns: [this.resultsKey.keyArn],
        conditions: { StringEquals: { 'kms:ViaService': viaS3(Aws.REGION) } },
      },
      ...this.description ? [{ actions: ['ssm:GetParameter'], resourceArns: [this.description.parameterArn] }] : [],
    ];
    const grant = permissions.map((permission) => addPermission(grantee, permission)).reduce((all, one) => all.combine(one));
    reportUnchangedRole(this, grantee, 'Query', grant);
    return grant;
  }

  /**
   * What tools that run elsewhere need to know of the evidence.
   *
   * @internal
   */
  public _describe(trailArn?: string): AuditDescription {
    const settings = auditSettingsFile(auditSettings(this.props), this.props.perimeter?.cidrs);
    return describeEvidence(this.props, { workGroup: this.workGroupName, database: this.databaseName }, settings, trailArn);
  }

  private createCatalog(props: EgressAnalyticsProps): EgressCatalog {
    const { logArchive, artifactBucket, trailLayout } = props;
    const days = (props.reach ?? DEFAULT_REACH).toDays();
    const catalog = new EgressCatalog(this, 'Catalog', this.databaseName);
    catalog.addTable('TrailRecords', 'trail_records', trailTable({
      bucketName: logArchive.trailBucket.bucketName,
      keyPrefix: trailLayout?.keyPrefix,
      organizationId: trailLayout?.organizationId,
      accounts: trailLayout?.accounts ?? [Aws.ACCOUNT_ID],
      regions: trailLayout?.regions ?? [Aws.REGION],
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
    catalog.addView('TrailEvents', 'trail_events', views.trail_events);
    catalog.addView('AccessLogRequests', 'access_log_requests', views.access_log_requests);
    catalog.addView('Invocations', 'invocations', props.directInvocations ? views.invocations : NO_INVOCATIONS);
    catalog.addView('EgressEvents', 'egress_events', views.egress_events);
    return catalog;
  }

  private createWorkGroup(props: EgressAnalyticsProps): athena.CfnWorkGroup {
    return new athena.CfnWorkGroup(this, 'WorkGroup', {
      name: this.workGroupName,
      description: 'Questions about what left the model store',
      // Its name is derived from its path: a workgroup that outlived its stack would block the next one. What remains of its
      // queries is the results bucket, and their records in CloudTrail.
      recursiveDeleteOption: true,
      workGroupConfiguration: {
        // Nobody leaves results elsewhere, or unencrypted.
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
