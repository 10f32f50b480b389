import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { ArtifactBucket, AuditTrail, EgressAnalytics, LogArchive, ManagedPolicyRole, StoreMonitoring } from '../../src';

export interface EgressOnlyStackProps extends StackProps {
  /** The existing bucket with the models. The stack does not change it. */
  readonly bucketName: string;
}

/** Audits downloads from an existing bucket: a trail, named queries and alarms, without a store. */
export class EgressOnlyStack extends Stack {
  constructor(scope: Construct, id: string, props: EgressOnlyStackProps) {
    super(scope, id, props);

    const artifactBucket = ArtifactBucket.fromArtifactBucketAttributes(this, 'Models', { bucketName: props.bucketName });
    const logArchive = new LogArchive(this, 'LogArchive');
    const auditTrail = new AuditTrail(this, 'AuditTrail', { artifactBucket, logArchive });
    const auditor = new ManagedPolicyRole(this, 'Auditor', {
      description: 'Reads the logs and asks the questions, and reads no model',
      assumedBy: new iam.AccountRootPrincipal(),
    });

    const analytics = new EgressAnalytics(this, 'Analytics', {
      artifactBucket, logArchive, auditTrail, storeName: props.bucketName, auditorRoles: [auditor],
    });
    logArchive.grantRead(auditor);
    analytics.grantQuery(auditor);
    auditor.explainWildcards([analytics.resultsBucket.arnForObjects('*')], 'Athena names results by the id of the query.');

    const monitoring = new StoreMonitoring(this, 'Monitoring', { artifactBucket, logArchive, auditTrail, analytics });

    new CfnOutput(this, 'AuditorRoleArn', { value: auditor.roleArn });
    new CfnOutput(this, 'AccessLogBucketName', { value: logArchive.accessLogBucket.bucketName });
    new CfnOutput(this, 'AlarmTopicArn', { value: monitoring.topic.topicArn });
  }
}
