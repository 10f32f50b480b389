import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type * as athena from 'aws-cdk-lib/aws-athena';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as cognito from 'aws-cdk-lib/aws-cognito';
import type * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import type { WatchedNames } from './attempt';
import { AuditTrail } from '../../../../src/audit/audit-trail';
import { EgressAnalytics } from '../../../../src/audit/egress-analytics';
import { createAlarmTopic } from '../../../../src/monitoring/alarm-topic';
import { observerWatches } from '../../../../src/monitoring/tamper/observers';
import type { ProtectedResources } from '../../../../src/monitoring/tamper/protected-resources';
import { TamperDetection, type TamperDetectionProps } from '../../../../src/monitoring/tamper/tamper-detection';
import type { Watch } from '../../../../src/monitoring/tamper/watch';
import { watchesOf } from '../../../../src/monitoring/tamper/watches';
import { StoreStack } from '../../../api/fixtures';
import { ACCOUNT, deployed, namedQueryId, REGION } from '../../../storage/support/policies';

/** A store with everything that can be tampered with, and its tamper detection. */
export class WatchedStore extends StoreStack {
  public readonly audit = new AuditTrail(this, 'Audit', { artifactBucket: this.artifactBucket, logArchive: this.logArchive, trailName: 'models' });
  public readonly functions = this.addFunctions();
  public readonly api = this.addApi({ functions: this.functions });
  public readonly userPool = new cognito.UserPool(this, 'UserPool');
  public readonly topic = createAlarmTopic(this, undefined, undefined);
  public readonly insightRule = new cloudwatch.CfnInsightRule(this, 'EgressByPerson', {
    ruleName: 'egress-by-person', ruleState: 'ENABLED', ruleBody: '{}',
  });
  public readonly analytics = new EgressAnalytics(this, 'Analytics', { artifactBucket: this.artifactBucket, logArchive: this.logArchive });
  public readonly trainingRole = new iam.Role(this, 'Training', { assumedBy: new iam.ServicePrincipal('sagemaker.amazonaws.com') });
  public readonly resources: ProtectedResources;
  public readonly tamper: TamperDetection;

  constructor(props: Partial<TamperDetectionProps> = {}) {
    super({}, new App());
    this.resources = { trailArnOrName: 'models',
      trailLogGroup: this.audit.logGroup,
      artifactBuckets: [this.artifactBucket.bucket],
      logBuckets: [this.logArchive.trailBucket, this.logArchive.accessLogBucket],
      keys: [this.artifactBucket.encryptionKey, this.signingKey, this.logArchive.encryptionKey!],
      roles: [this.sessionRoles.upload, this.sessionRoles.download, this.sessionRoles.registry]
        .flatMap(({ executionRole, sessionRole }) => [executionRole, sessionRole]).concat(this.trainingRole),
      functions: this.functions.all,
      functionsOfApis: this.functions.all,
      apis: [this.api.restApi],
      userPools: [this.userPool],
      insightRules: [this.insightRule],
      analytics: this.analytics,
      parameterNames: ['/secure-model-artifact-store/models', '/secure-model-artifact-store/models/audit'],
      canaryModels: ['payments-fraud-v2'],
    };
    this.tamper = new TamperDetection(this, 'Tamper', { ...this.resources, topic: this.topic, ...props });
  }

  /** The names of the watched resources, as `deployed` writes them. */
  public names(): WatchedNames {
    const nameOf = (construct: IConstruct) => this.getLogicalId(construct.node.defaultChild as any).toLowerCase();
    const policiesIn = (construct: IConstruct) => construct.node.findAll().filter((child) => child instanceof iam.ManagedPolicy).map(nameOf);
    const { sessionRole, executionRole } = this.sessionRoles.download;
    return {
      account: ACCOUNT,
      region: REGION,
      trail: 'models',
      logGroup: nameOf(this.audit.logGroup!),
      artifactBucket: nameOf(this.artifactBucket.bucket),
      trailBucket: nameOf(this.logArchive.trailBucket),
      accessLogBucket: nameOf(this.logArchive.accessLogBucket),
      artifactKeyId: nameOf(this.artifactBucket.encryptionKey),
      archiveKeyId: nameOf(this.logArchive.encryptionKey!),
      sessionRole: nameOf(sessionRole),
      executionRole: nameOf(executionRole),
      directRole: nameOf(this.trainingRole),
      executionRoleArn: `arn:aws:iam::${ACCOUNT}:role/${nameOf(executionRole)}`,
      sessionPolicy: policiesIn(sessionRole)[0],
      furtherPolicy: policiesIn(this.functions).at(-1)!,
      function: nameOf(this.functions.download),
      api: nameOf(this.api.restApi),
      userPool: nameOf(this.userPool),
      topicArn: nameOf(this.topic),
      rulePrefix: (this.tamper.rules[0].node.defaultChild as events.CfnRule).name!.replace(/[^-]*$/, ''),
      stackName: 'aws::stackname',
      insightRule: 'egress-by-person',
      database: this.analytics.databaseName,
      workGroup: this.analytics.workGroupName,
      namedQuery: namedQueryId(
        this.getLogicalId(this.analytics.node.findChild('Query-egress-by-principal') as athena.CfnNamedQuery),
      ),
      lastNamedQuery: namedQueryId(
        this.getLogicalId(this.analytics.node.findChild('Query-weekly-volume-anomalies') as athena.CfnNamedQuery),
      ),
      canaryModel: 'payments-fraud-v2',
      parameter: '/secure-model-artifact-store/models',
    };
  }

  /** What both the rules and the metric filters are generated from. */
  public watches(): Watch[] {
    return [...watchesOf(this, this.resources), ...observerWatches('Store-Tamper-', this.topic, [this.insightRule])];
  }

  /** The patterns of the rules, by the last part of their names. */
  public rules(): Map<string, object> {
    const template = Template.fromStack(this);
    return new Map(Object.values<any>(template.findResources('AWS::Events::Rule')).map(({ Properties }) =>
      [Properties.Name.replace(/^.*-/, ''), deployed(template, Properties.EventPattern) as object]));
  }

  /** The patterns of the metric filters, by the kind of tampering that they count. */
  public filters(): Map<string, string[]> {
    const template = Template.fromStack(this);
    const filters = new Map<string, string[]>();
    for (const { Properties } of Object.values<any>(template.findResources('AWS::Logs::MetricFilter'))) {
      const [, kind] = Properties.MetricTransformations[0].MetricName.split('/');
      filters.set(kind, [...filters.get(kind) ?? [], deployed(template, Properties.FilterPattern) as string]);
    }
    return filters;
  }
}
