package com.example;

import static io.github.securemodelartifactstore.ApiPermission.DOWNLOAD;
import static io.github.securemodelartifactstore.ApiPermission.PROMOTE;
import static io.github.securemodelartifactstore.ApiPermission.READ;
import static io.github.securemodelartifactstore.ApiPermission.UPLOAD;

import io.github.securemodelartifactstore.AccessOptions;
import io.github.securemodelartifactstore.AlarmThresholds;
import io.github.securemodelartifactstore.AnalyticsOptions;
import io.github.securemodelartifactstore.ApiAuthentication;
import io.github.securemodelartifactstore.AuditOptions;
import io.github.securemodelartifactstore.AuditThresholds;
import io.github.securemodelartifactstore.BusinessHours;
import io.github.securemodelartifactstore.CapacityOptions;
import io.github.securemodelartifactstore.CognitoAuthenticationOptions;
import io.github.securemodelartifactstore.CognitoGroup;
import io.github.securemodelartifactstore.DeploymentChanges;
import io.github.securemodelartifactstore.MonitoringOptions;
import io.github.securemodelartifactstore.NetworkOptions;
import io.github.securemodelartifactstore.NotificationChannel;
import io.github.securemodelartifactstore.Perimeter;
import io.github.securemodelartifactstore.RetentionOptions;
import io.github.securemodelartifactstore.SecureModelArtifactStore;
import io.github.securemodelartifactstore.StorageOptions;
import io.github.securemodelartifactstore.StoreEventOptions;
import io.github.securemodelartifactstore.StoreRoleOptions;
import io.github.securemodelartifactstore.TamperOptions;
import io.github.securemodelartifactstore.WebApplicationFirewall;
import java.util.List;
import software.amazon.awscdk.Aspects;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Size;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.cloudtrail.ReadWriteType;
import software.amazon.awscdk.services.cloudwatch.CreateAlarmOptions;
import software.amazon.awscdk.services.cloudwatch.MetricOptions;
import software.amazon.awscdk.services.ec2.IVpc;
import software.amazon.awscdk.services.ec2.Vpc;
import software.amazon.awscdk.services.ec2.VpcAttributes;
import software.amazon.awscdk.services.iam.AccountRootPrincipal;
import software.amazon.awscdk.services.iam.ArnPrincipal;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.amazon.awscdk.services.s3.InventoryFrequency;
import software.amazon.awscdk.services.s3.ObjectLockRetention;
import software.amazon.awscdk.services.sqs.Queue;
import software.constructs.Construct;

/** A store with a setting of each kind: enums, nested structures, static factories, interfaces, grants and events. */
final class FurnishedStack extends Stack {
  FurnishedStack(final Construct scope, final String id) {
    super(scope, id);
    final IVpc vpc = Vpc.fromVpcAttributes(this, "Vpc", VpcAttributes.builder()
        .vpcId("vpc-1a2b3c4d")
        .availabilityZones(List.of("eu-central-1a", "eu-central-1b"))
        .privateSubnetIds(List.of("subnet-1a2b3c4d", "subnet-5e6f7a8b"))
        .vpcCidrBlock("10.0.0.0/16")
        .build());

    final SecureModelArtifactStore store = SecureModelArtifactStore.Builder.create(this, "Models")
        .storeName("fraud-models")
        .authentication(ApiAuthentication.cognito(CognitoAuthenticationOptions.builder()
            .groups(List.of(
                CognitoGroup.builder().name("fraud").permissions(List.of(READ, UPLOAD, DOWNLOAD)).models(List.of("fraud-*")).build(),
                CognitoGroup.builder().name("release").permissions(List.of(READ, PROMOTE)).build()))
            .build()))
        .network(NetworkOptions.builder()
            .perimeter(Perimeter.builder()
                .cidrs(List.of("203.0.113.0/24"))
                .vpcEndpointIds(List.of("vpce-1a2b3c4d5e6f7a8b9"))
                .organizationId("o-a1b2c3d4e5")
                .build())
            .vpc(vpc)
            .webApplicationFirewall(WebApplicationFirewall.managed(500))
            .build())
        .access(AccessOptions.builder()
            .dataScientist(StoreRoleOptions.builder()
                .assumedBy(new ArnPrincipal("arn:aws:iam::111122223333:role/Fraud"))
                .models(List.of("fraud-*"))
                .build())
            .auditor(StoreRoleOptions.builder()
                .requireMultiFactorAuthentication(true)
                .maxSessionDuration(Duration.hours(2))
                .build())
            .administrators(List.of(new ArnPrincipal("arn:aws:iam::111122223333:role/ModelAdministrator")))
            .presignedUrlLifetime(Duration.minutes(30))
            .build())
        .capacity(CapacityOptions.builder()
            .memorySize(2048)
            .reservedConcurrentExecutions(50)
            .minCapacity(2)
            .maxCapacity(20)
            .utilizationTarget(0.6)
            .build())
        .audit(AuditOptions.builder()
            .managementEvents(ReadWriteType.ALL)
            .isMultiRegion(false)
            .analytics(AnalyticsOptions.builder()
                .businessHours(BusinessHours.builder().days(List.of(1, 2, 3, 4)).startHour(8).utcOffsetMinutes(60).build())
                .thresholds(AuditThresholds.builder().bulkEgress(Size.gibibytes(5)).medianFactor(3).build())
                .build())
            .build())
        .retention(RetentionOptions.builder()
            .logs(Duration.days(2555))
            .cloudWatchLogs(RetentionDays.TWO_YEARS)
            .modelObjectLock(ObjectLockRetention.governance(Duration.days(90)))
            .logObjectLock(ObjectLockRetention.compliance(Duration.days(400)))
            .removalPolicy(RemovalPolicy.RETAIN)
            .build())
        .storage(StorageOptions.builder()
            .inventoryFrequency(InventoryFrequency.DAILY)
            .build())
        .monitoring(MonitoringOptions.builder()
            .emails(List.of("on-call@example.com"))
            .channels(List.of(NotificationChannel.slack("T0123ABCD", "C0123ABCD")))
            .thresholds(AlarmThresholds.builder().egressPerPrincipal(Size.gibibytes(50)).apiLatency(Duration.seconds(3)).build())
            .tampering(TamperOptions.builder()
                .deployments(DeploymentChanges.NOTIFY)
                .accountChecks(true)
                .unauthorizedCallsThreshold(50)
                .build())
            .build())
        .build();

    final Role training = Role.Builder.create(this, "Training").assumedBy(new ServicePrincipal("sagemaker.amazonaws.com")).build();
    store.grantDirectRead(training, List.of("fraud-*", "churn"));
    store.grantPush(training, List.of("fraud-*")).assertSuccess();
    final Role release = Role.Builder.create(this, "Release").assumedBy(new AccountRootPrincipal()).build();
    store.grantPromote(release);
    store.grantAudit(release);

    final Queue queue = Queue.Builder.create(this, "Deployments").enforceSsl(true).build();
    store.onAliasChanged("ProductionMoved", StoreEventOptions.builder()
        .alias("production")
        .models(List.of("fraud-*"))
        .target(new DeploymentQueue(queue))
        .build());
    store.onVersionPublished("Published", StoreEventOptions.builder().description("Every new version").build())
        .addTarget(new DeploymentQueue(queue));
    store.getMonitoring().metricEgressBytes(MetricOptions.builder().period(Duration.hours(1)).build())
        .createAlarm(this, "HourOfEgress", CreateAlarmOptions.builder().threshold(1e12).evaluationPeriods(1).build());
    Aspects.of(store).add(new PinnedRuntime());
  }
}
