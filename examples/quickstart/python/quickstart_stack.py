from aws_cdk import CfnOutput, Stack
from constructs import Construct
from secure_model_artifact_store import SecureModelArtifactStore


class QuickstartStack(Stack):
    """A complete model store, with every setting at its default."""

    def __init__(self, scope: Construct, construct_id: str, **kwargs) -> None:
        super().__init__(scope, construct_id, **kwargs)

        self.store = SecureModelArtifactStore(self, "Models")

        CfnOutput(self, "StoreUrl", value=self.store.url)
        CfnOutput(self, "BucketName", value=self.store.artifact_bucket.bucket.bucket_name)
        CfnOutput(self, "DataScientistRoleArn", value=self.store.data_scientist_role.role_arn)
        CfnOutput(self, "PipelineRoleArn", value=self.store.pipeline_role.role_arn)
        CfnOutput(self, "AuditorRoleArn", value=self.store.auditor_role.role_arn)
