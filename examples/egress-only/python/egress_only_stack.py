from aws_cdk import CfnOutput, Stack
from aws_cdk import aws_iam as iam
from constructs import Construct
from secure_model_artifact_store import (
    ArtifactBucket,
    AuditTrail,
    EgressAnalytics,
    LogArchive,
    ManagedPolicyRole,
    StoreMonitoring,
)


class EgressOnlyStack(Stack):
    """Audits downloads from an existing bucket: a trail, named queries and alarms, without a store."""

    def __init__(self, scope: Construct, construct_id: str, *, bucket_name: str, **kwargs) -> None:
        super().__init__(scope, construct_id, **kwargs)

        artifact_bucket = ArtifactBucket.from_artifact_bucket_attributes(self, "Models", bucket_name=bucket_name)
        log_archive = LogArchive(self, "LogArchive")
        audit_trail = AuditTrail(self, "AuditTrail", artifact_bucket=artifact_bucket, log_archive=log_archive)
        auditor = ManagedPolicyRole(
            self,
            "Auditor",
            description="Reads the logs and asks the questions, and reads no model",
            assumed_by=iam.AccountRootPrincipal(),
        )

        analytics = EgressAnalytics(
            self,
            "Analytics",
            artifact_bucket=artifact_bucket,
            log_archive=log_archive,
            audit_trail=audit_trail,
            store_name=bucket_name,
            auditor_roles=[auditor],
        )
        log_archive.grant_read(auditor)
        analytics.grant_query(auditor)
        auditor.explain_wildcards(
            [analytics.results_bucket.arn_for_objects("*")], "Athena names results by the id of the query."
        )

        monitoring = StoreMonitoring(
            self,
            "Monitoring",
            artifact_bucket=artifact_bucket,
            log_archive=log_archive,
            audit_trail=audit_trail,
            analytics=analytics,
        )

        CfnOutput(self, "AuditorRoleArn", value=auditor.role_arn)
        CfnOutput(self, "AccessLogBucketName", value=log_archive.access_log_bucket.bucket_name)
        CfnOutput(self, "AlarmTopicArn", value=monitoring.topic.topic_arn)
