import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { artifactBucketName, TRAIL_KEY_ALIAS, TRAIL_NAME, trailBucketName } from './names';
import { ArtifactBucket, EgressAnalytics, LogArchive, ManagedPolicyRole } from '../../src';

export interface SecurityStackProps extends StackProps {
  /** The account of the models. */
  readonly modelsAccount: string;
}

/** The security account: keeps the evidence and runs the queries. The models' account has no access to either. */
export class SecurityStack extends Stack {
  constructor(scope: Construct, id: string, props: SecurityStackProps) {
    super(scope, id, props);

    const logArchive = new LogArchive(this, 'LogArchive', {
      trailBucketName: trailBucketName(this.account, this.region),
      trails: [{ trailName: TRAIL_NAME, accountId: props.modelsAccount, region: this.region }],
    });
    logArchive.encryptionKey!.addAlias(TRAIL_KEY_ALIAS);
    const artifactBucket = ArtifactBucket.fromArtifactBucketAttributes(this, 'Models', {
      bucketName: artifactBucketName(props.modelsAccount, this.region),
    });
    const analytics = new EgressAnalytics(this, 'Analytics', {
      artifactBucket,
      logArchive,
      trailAccounts: [props.modelsAccount],
      trailRegions: [this.region, 'us-east-1'],
    });

    const auditor = new ManagedPolicyRole(this, 'Auditor', {
      description: 'Asks who took which model',
      assumedBy: new iam.AccountRootPrincipal(),
    });
    logArchive.grantRead(auditor);
    analytics.grantQuery(auditor);
    auditor.explainWildcards([analytics.resultsBucket.arnForObjects('*')], 'Athena names results by the id of the query.');

    new CfnOutput(this, 'AuditorRoleArn', { value: auditor.roleArn });
    new CfnOutput(this, 'WorkGroupName', { value: analytics.workGroupName });
  }
}
