import { App, Aspects, Duration, RemovalPolicy, Size, Stack, type IAspect } from 'aws-cdk-lib';
import * as cloudtrail from 'aws-cdk-lib/aws-cloudtrail';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct, IConstruct } from 'constructs';
import {
  ApiAuthentication, ApiPermission, ArtifactBucket, AuditTrail, ComplianceChecks, CompliancePack, DeploymentChanges, EgressAnalytics,
  type ISecureModelArtifactStore, LogArchive, NotificationChannel, SecureModelArtifactStore,
  testing, WebApplicationFirewall,
} from 'secure-model-artifact-store';

/** A whole model store, with every setting at its default. */
class DefaultStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new SecureModelArtifactStore(this, 'Models');
  }
}

/** Hands events to a queue; the store's rules call it back. */
class DeploymentQueue implements events.IRuleTarget {
  constructor(private readonly queue: sqs.IQueue) {}

  public bind(rule: events.IRuleRef): events.RuleTargetConfig {
    this.queue.grantSendMessages(new iam.ServicePrincipal('events.amazonaws.com', {
      conditions: { ArnEquals: { 'aws:SourceArn': rule.ruleRef.ruleArn } },
    }));
    return { arn: this.queue.queueArn, retryPolicy: { maximumRetryAttempts: 8 } };
  }
}

/** Keeps a function's runtime until its next deployment; the CDK calls it back with each construct of the store. */
class PinnedRuntime implements IAspect {
  public visit(node: IConstruct): void {
    if (node instanceof lambda.CfnFunction) {
      node.addPropertyOverride('RuntimeManagementConfig', { UpdateRuntimeOn: 'FunctionUpdate' });
    }
  }
}

/** A store with a setting of each kind: enums, nested structures, static factories, interfaces, grants and events. */
class FurnishedStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const vpc = ec2.Vpc.fromVpcAttributes(this, 'Vpc', {
      vpcId: 'vpc-1a2b3c4d',
      availabilityZones: ['eu-central-1a', 'eu-central-1b'],
      privateSubnetIds: ['subnet-1a2b3c4d', 'subnet-5e6f7a8b'],
      vpcCidrBlock: '10.0.0.0/16',
    });

    const store = new SecureModelArtifactStore(this, 'Models', {
      storeName: 'fraud-models',
      authentication: ApiAuthentication.cognito({
        groups: [
          { name: 'fraud', permissions: [ApiPermission.READ, ApiPermission.UPLOAD, ApiPermission.DOWNLOAD], models: ['fraud-*'] },
          { name: 'release', permissions: [ApiPermission.READ, ApiPermission.PROMOTE] },
        ],
      }),
      network: {
        perimeter: { cidrs: ['203.0.113.0/24'], vpcEndpointIds: ['vpce-1a2b3c4d5e6f7a8b9'], organizationId: 'o-a1b2c3d4e5' },
        vpc,
        webApplicationFirewall: WebApplicationFirewall.managed(500),
      },
      access: {
        dataScientist: { assumedBy: new iam.ArnPrincipal('arn:aws:iam::111122223333:role/Fraud'), models: ['fraud-*'] },
        auditor: { requireMultiFactorAuthentication: true, maxSessionDuration: Duration.hours(2) },
        administrators: [new iam.ArnPrincipal('arn:aws:iam::111122223333:role/ModelAdministrator')],
        presignedUrlLifetime: Duration.minutes(30),
      },
      capacity: { memorySize: 2048, reservedConcurrentExecutions: 50, minCapacity: 2, maxCapacity: 20, utilizationTarget: 0.6 },
      audit: {
        managementEvents: cloudtrail.ReadWriteType.ALL,
        isMultiRegion: false,
        analytics: {
          businessHours: { days: [1, 2, 3, 4], startHour: 8, utcOffsetMinutes: 60 },
          thresholds: { bulkEgress: Size.gibibytes(5), medianFactor: 3 },
        },
      },
      retention: {
        logs: Duration.days(2555),
        cloudWatchLogs: logs.RetentionDays.TWO_YEARS,
        modelObjectLock: s3.ObjectLockRetention.governance(Duration.days(90)),
        logObjectLock: s3.ObjectLockRetention.compliance(Duration.days(400)),
        removalPolicy: RemovalPolicy.RETAIN,
      },
      storage: { inventoryFrequency: s3.InventoryFrequency.DAILY },
      monitoring: {
        emails: ['on-call@example.com'],
        channels: [NotificationChannel.slack('T0123ABCD', 'C0123ABCD')],
        thresholds: { egressPerPrincipal: Size.gibibytes(50), apiLatency: Duration.seconds(3) },
        tampering: { deployments: DeploymentChanges.NOTIFY, accountChecks: true, unauthorizedCallsThreshold: 50 },
      },
    });

    const training = new iam.Role(this, 'Training', { assumedBy: new iam.ServicePrincipal('sagemaker.amazonaws.com') });
    store.grantDirectRead(training, ['fraud-*', 'churn']);
    store.grantPush(training, ['fraud-*']).assertSuccess();
    const release = new iam.Role(this, 'Release', { assumedBy: new iam.AccountRootPrincipal() });
    store.grantPromote(release);
    store.grantAudit(release);

    const queue = new sqs.Queue(this, 'Deployments', { enforceSSL: true });
    store.onAliasChanged('ProductionMoved', { alias: 'production', models: ['fraud-*'], target: new DeploymentQueue(queue) });
    store.onVersionPublished('Published', { description: 'Every new version' }).addTarget(new DeploymentQueue(queue));
    store.monitoring!.metricEgressBytes({ period: Duration.hours(1) }).createAlarm(this, 'HourOfEgress', { threshold: 1e12, evaluationPeriods: 1 });
    Aspects.of(store).add(new PinnedRuntime());
  }
}

/** The parts without a store, and a store of another stack. */
class PartsStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const logArchive = new LogArchive(this, 'LogArchive', { retention: Duration.days(400) });
    const artifactBucket = new ArtifactBucket(this, 'Artifacts', { serverAccessLogsBucket: logArchive.accessLogBucket });
    const auditTrail = new AuditTrail(this, 'AuditTrail', { artifactBucket, logArchive, managementEvents: cloudtrail.ReadWriteType.WRITE_ONLY });
    const analytics = new EgressAnalytics(this, 'Analytics', { artifactBucket, logArchive, resultRetention: Duration.days(14) });
    analytics.node.addDependency(auditTrail);

    const store: ISecureModelArtifactStore = SecureModelArtifactStore.fromSecureModelArtifactStoreAttributes(this, 'Store', {
      storeName: 'fraud-models',
      bucketName: 'fraud-models-111122223333',
      encryptionKeyArn: 'arn:aws:kms:eu-central-1:111122223333:key/11111111-2222-3333-4444-555555555555',
      restApiId: 'a1b2c3d4e5',
    });
    const endpoint = new iam.Role(this, 'Endpoint', { assumedBy: new iam.ServicePrincipal('sagemaker.amazonaws.com') });
    store.grantDirectRead(endpoint, ['churn']);
  }
}

const app = new App();
const stack = new DefaultStack(app, 'Default');
new FurnishedStack(app, 'Furnished');
new PartsStack(app, 'Parts');
app.synth();

// A separate app, because rule packs check a whole app, and the other stacks have their own findings.
const checked = new App({ outdir: 'checked.out' });
new DefaultStack(checked, 'Checked');
ComplianceChecks.addWithAcknowledgementsTo(checked, [CompliancePack.AWS_SOLUTIONS]);
checked.synth();

// The result of a snapshot test in this language, passed on in a template for comparison.
const snapshots = new App({ outdir: 'snapshots.out' });
new Stack(snapshots, 'Snapshot').templateOptions.metadata = testing.SnapshotTemplate.fromStack(stack);
snapshots.synth();
