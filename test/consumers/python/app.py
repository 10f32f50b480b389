import jsii
from aws_cdk import App, Aspects, Duration, IAspect, RemovalPolicy, Size, Stack
from aws_cdk import aws_cloudtrail as cloudtrail
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sqs as sqs
from aws_cdk.interfaces import aws_events as event_interfaces
from constructs import Construct, IConstruct
from secure_model_artifact_store import (
    AccessOptions,
    AlarmThresholds,
    AnalyticsOptions,
    ApiAuthentication,
    ApiPermission,
    ArtifactBucket,
    AuditOptions,
    AuditThresholds,
    AuditTrail,
    BusinessHours,
    CapacityOptions,
    CognitoGroup,
    ComplianceChecks,
    CompliancePack,
    DeploymentChanges,
    EgressAnalytics,
    LogArchive,
    MonitoringOptions,
    NetworkOptions,
    NotificationChannel,
    Perimeter,
    RetentionOptions,
    SecureModelArtifactStore,
    StorageOptions,
    StoreRoleOptions,
    TamperOptions,
    WebApplicationFirewall,
    testing,
)


class DefaultStack(Stack):
    """A whole model store, with every setting at its default."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        SecureModelArtifactStore(self, "Models")


@jsii.implements(events.IRuleTarget)
class DeploymentQueue:
    """Hands events to a queue; the store's rules call it back."""

    def __init__(self, queue: sqs.IQueue) -> None:
        self._queue = queue

    def bind(self, rule: event_interfaces.IRuleRef, id: str | None = None) -> events.RuleTargetConfig:
        self._queue.grant_send_messages(
            iam.ServicePrincipal("events.amazonaws.com", conditions={"ArnEquals": {"aws:SourceArn": rule.rule_ref.rule_arn}})
        )
        return events.RuleTargetConfig(
            arn=self._queue.queue_arn,
            retry_policy=events.CfnRule.RetryPolicyProperty(maximum_retry_attempts=8),
        )


@jsii.implements(IAspect)
class PinnedRuntime:
    """Keeps a function's runtime until its next deployment; the CDK calls it back with each construct of the store."""

    def visit(self, node: IConstruct) -> None:
        if isinstance(node, lambda_.CfnFunction):
            node.add_property_override("RuntimeManagementConfig", {"UpdateRuntimeOn": "FunctionUpdate"})


class FurnishedStack(Stack):
    """A store with a setting of each kind: enums, nested structures, static factories, interfaces, grants and events."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        vpc = ec2.Vpc.from_vpc_attributes(
            self,
            "Vpc",
            vpc_id="vpc-1a2b3c4d",
            availability_zones=["eu-central-1a", "eu-central-1b"],
            private_subnet_ids=["subnet-1a2b3c4d", "subnet-5e6f7a8b"],
            vpc_cidr_block="10.0.0.0/16",
        )

        store = SecureModelArtifactStore(
            self,
            "Models",
            store_name="fraud-models",
            authentication=ApiAuthentication.cognito(
                groups=[
                    CognitoGroup(
                        name="fraud",
                        permissions=[ApiPermission.READ, ApiPermission.UPLOAD, ApiPermission.DOWNLOAD],
                        models=["fraud-*"],
                    ),
                    CognitoGroup(name="release", permissions=[ApiPermission.READ, ApiPermission.PROMOTE]),
                ],
            ),
            network=NetworkOptions(
                perimeter=Perimeter(
                    cidrs=["203.0.113.0/24"],
                    vpc_endpoint_ids=["vpce-1a2b3c4d5e6f7a8b9"],
                    organization_id="o-a1b2c3d4e5",
                ),
                vpc=vpc,
                web_application_firewall=WebApplicationFirewall.managed(500),
            ),
            access=AccessOptions(
                data_scientist=StoreRoleOptions(
                    assumed_by=iam.ArnPrincipal("arn:aws:iam::111122223333:role/Fraud"),
                    models=["fraud-*"],
                ),
                auditor=StoreRoleOptions(
                    require_multi_factor_authentication=True,
                    max_session_duration=Duration.hours(2),
                ),
                administrators=[iam.ArnPrincipal("arn:aws:iam::111122223333:role/ModelAdministrator")],
                presigned_url_lifetime=Duration.minutes(30),
            ),
            capacity=CapacityOptions(
                memory_size=2048,
                reserved_concurrent_executions=50,
                min_capacity=2,
                max_capacity=20,
                utilization_target=0.6,
            ),
            audit=AuditOptions(
                management_events=cloudtrail.ReadWriteType.ALL,
                is_multi_region=False,
                analytics=AnalyticsOptions(
                    business_hours=BusinessHours(days=[1, 2, 3, 4], start_hour=8, utc_offset_minutes=60),
                    thresholds=AuditThresholds(bulk_egress=Size.gibibytes(5), median_factor=3),
                ),
            ),
            retention=RetentionOptions(
                logs=Duration.days(2555),
                cloud_watch_logs=logs.RetentionDays.TWO_YEARS,
                model_object_lock=s3.ObjectLockRetention.governance(Duration.days(90)),
                log_object_lock=s3.ObjectLockRetention.compliance(Duration.days(400)),
                removal_policy=RemovalPolicy.RETAIN,
            ),
            storage=StorageOptions(inventory_frequency=s3.InventoryFrequency.DAILY),
            monitoring=MonitoringOptions(
                emails=["on-call@example.com"],
                channels=[NotificationChannel.slack("T0123ABCD", "C0123ABCD")],
                thresholds=AlarmThresholds(egress_per_principal=Size.gibibytes(50), api_latency=Duration.seconds(3)),
                tampering=TamperOptions(
                    deployments=DeploymentChanges.NOTIFY,
                    account_checks=True,
                    unauthorized_calls_threshold=50,
                ),
            ),
        )

        training = iam.Role(self, "Training", assumed_by=iam.ServicePrincipal("sagemaker.amazonaws.com"))
        store.grant_direct_read(training, ["fraud-*", "churn"])
        store.grant_push(training, ["fraud-*"]).assert_success()
        release = iam.Role(self, "Release", assumed_by=iam.AccountRootPrincipal())
        store.grant_promote(release)
        store.grant_audit(release)

        queue = sqs.Queue(self, "Deployments", enforce_ssl=True)
        store.on_alias_changed(
            "ProductionMoved", alias="production", models=["fraud-*"], target=DeploymentQueue(queue)
        )
        store.on_version_published("Published", description="Every new version").add_target(DeploymentQueue(queue))
        store.monitoring.metric_egress_bytes(period=Duration.hours(1)).create_alarm(
            self, "HourOfEgress", threshold=1e12, evaluation_periods=1
        )
        Aspects.of(store).add(PinnedRuntime())


class PartsStack(Stack):
    """The parts by themselves, and a store of another stack."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        log_archive = LogArchive(self, "LogArchive", retention=Duration.days(400))
        artifact_bucket = ArtifactBucket(
            self, "Artifacts", server_access_logs_bucket=log_archive.access_log_bucket
        )
        audit_trail = AuditTrail(
            self,
            "AuditTrail",
            artifact_bucket=artifact_bucket,
            log_archive=log_archive,
            management_events=cloudtrail.ReadWriteType.WRITE_ONLY,
        )
        analytics = EgressAnalytics(
            self,
            "Analytics",
            artifact_bucket=artifact_bucket,
            log_archive=log_archive,
            result_retention=Duration.days(14),
        )
        analytics.node.add_dependency(audit_trail)

        store = SecureModelArtifactStore.from_secure_model_artifact_store_attributes(
            self,
            "Store",
            store_name="fraud-models",
            bucket_name="fraud-models-111122223333",
            encryption_key_arn="arn:aws:kms:eu-central-1:111122223333:key/11111111-2222-3333-4444-555555555555",
            rest_api_id="a1b2c3d4e5",
        )
        endpoint = iam.Role(self, "Endpoint", assumed_by=iam.ServicePrincipal("sagemaker.amazonaws.com"))
        store.grant_direct_read(endpoint, ["churn"])


app = App()
stack = DefaultStack(app, "Default")
FurnishedStack(app, "Furnished")
PartsStack(app, "Parts")
app.synth()

# A separate app, because rule packs check a whole app, and the other stacks have their own findings.
checked = App(outdir="checked.out")
DefaultStack(checked, "Checked")
ComplianceChecks.add_with_acknowledgements_to(checked, [CompliancePack.AWS_SOLUTIONS])
checked.synth()

# The result of a snapshot test in this language, passed on in a template for comparison.
snapshots = App(outdir="snapshots.out")
Stack(snapshots, "Snapshot").template_options.metadata = testing.SnapshotTemplate.from_stack(stack)
snapshots.synth()
