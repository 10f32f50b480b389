import { type App, CustomResource, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as customResources from 'aws-cdk-lib/custom-resources';
import { bundle, COMMAND_LINE } from './asset';
import { SecureModelArtifactStore } from '../../src';

/** A store with its defaults, but for what lets it be taken down again; people who use it; and who empties it at the end. */
export class StoreUnderTest extends Stack {
  public readonly store: SecureModelArtifactStore;
  /** The function that acts as users. */
  public readonly people: lambda.Function;

  constructor(app: App, id: string) {
    super(app, id);
    const sweeping = this.role('SweeperRole');
    const administrators = [sweeping];
    const using = this.role('PeopleRole');
    // Without assumedBy, the function could assume the roles only under its own name.
    const people = { assumedBy: using };
    this.store = new SecureModelArtifactStore(this, 'Models', {
      access: { administrators, dataScientist: people, pipeline: people, auditor: people },
      audit: { administrators },
      // Object Lock stays off, as it is by default: no one could empty the buckets before it ends.
      retention: { removalPolicy: RemovalPolicy.DESTROY },
    });
    this.sweepAtTheEnd(sweeping);

    const { dataScientistRole, pipelineRole, auditorRole } = this.store;
    [dataScientistRole, pipelineRole, auditorRole].forEach((role) => role.grantAssumeRole(using));
    this.people = this.function('People', using, lambda.Code.fromAsset(bundle('people.lambda.ts', COMMAND_LINE)), {
      MODEL_STORE_NAME: this.store.storeName,
    });
  }

  private sweepAtTheEnd(role: iam.Role): void {
    const { store } = this;
    const models = [store.artifactBucket.bucket, store.analytics!.resultsBucket];
    const evidence = [store.logArchive!.trailBucket, store.logArchive!.accessLogBucket];
    for (const bucket of [...models, ...evidence]) {
      role.addToPolicy(new iam.PolicyStatement({ actions: ['s3:ListBucketVersions', 's3:DeleteBucketPolicy'], resources: [bucket.bucketArn] }));
      role.addToPolicy(new iam.PolicyStatement({ actions: ['s3:DeleteObject', 's3:DeleteObjectVersion'], resources: [bucket.arnForObjects('*')] }));
    }
    const sweeper = this.function('Sweeper', role, lambda.Code.fromAsset(bundle('sweeper.lambda.ts')), {});
    const sweep = new CustomResource(this, 'Sweep', {
      serviceToken: new customResources.Provider(this, 'Sweeping', { onEventHandler: sweeper, logGroup: this.logGroup('Sweeping') }).serviceToken,
      properties: {
        bucketNames: models.map(({ bucketName }) => bucketName),
        logBucketNames: evidence.map(({ bucketName }) => bucketName),
      },
    });
    sweep.node.addDependency(role);
    // What depends on it goes first.
    store.auditTrail.trail!.node.addDependency(sweep);
  }

  private role(id: string): iam.Role {
    return new iam.Role(this, id, {
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
      managedPolicies: [iam.ManagedPolicy.fromAwsManagedPolicyName('service-role/AWSLambdaBasicExecutionRole')],
    });
  }

  private function(id: string, role: iam.Role, code: lambda.Code, environment: { [name: string]: string }): lambda.Function {
    return new lambda.Function(this, id, {
      role,
      code,
      environment,
      runtime: lambda.Runtime.NODEJS_22_X,
      handler: 'index.handler',
      memorySize: 1769,
      timeout: Duration.minutes(14),
      logGroup: this.logGroup(id),
    });
  }

  private logGroup(id: string): logs.LogGroup {
    return new logs.LogGroup(this, `${id}Logs`, { retention: logs.RetentionDays.ONE_WEEK, removalPolicy: RemovalPolicy.DESTROY });
  }
}
