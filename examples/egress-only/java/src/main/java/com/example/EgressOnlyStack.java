package com.example;

import io.github.securemodelartifactstore.ArtifactBucket;
import io.github.securemodelartifactstore.ArtifactBucketAttributes;
import io.github.securemodelartifactstore.AuditTrail;
import io.github.securemodelartifactstore.EgressAnalytics;
import io.github.securemodelartifactstore.IArtifactBucket;
import io.github.securemodelartifactstore.LogArchive;
import io.github.securemodelartifactstore.ManagedPolicyRole;
import io.github.securemodelartifactstore.StoreMonitoring;
import java.util.List;
import software.amazon.awscdk.CfnOutput;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.iam.AccountRootPrincipal;
import software.amazon.awscdk.services.iam.RoleProps;
import software.constructs.Construct;

/** Audits downloads from an existing bucket: a trail, named queries and alarms, without a store. */
public final class EgressOnlyStack extends Stack {
  public EgressOnlyStack(final Construct scope, final String id, final String bucketName) {
    super(scope, id);

    final IArtifactBucket artifactBucket = ArtifactBucket.fromArtifactBucketAttributes(this, "Models",
        ArtifactBucketAttributes.builder().bucketName(bucketName).build());
    final LogArchive logArchive = new LogArchive(this, "LogArchive");
    final AuditTrail auditTrail = AuditTrail.Builder.create(this, "AuditTrail")
        .artifactBucket(artifactBucket).logArchive(logArchive).build();
    final ManagedPolicyRole auditor = new ManagedPolicyRole(this, "Auditor", RoleProps.builder()
        .description("Reads the logs and asks the questions, and reads no model")
        .assumedBy(new AccountRootPrincipal())
        .build());

    final EgressAnalytics analytics = EgressAnalytics.Builder.create(this, "Analytics")
        .artifactBucket(artifactBucket).logArchive(logArchive).auditTrail(auditTrail)
        .storeName(bucketName).auditorRoles(List.of(auditor)).build();
    logArchive.grantRead(auditor);
    analytics.grantQuery(auditor);
    auditor.explainWildcards(List.of(analytics.getResultsBucket().arnForObjects("*")),
        "Athena names results by the id of the query.");

    final StoreMonitoring monitoring = StoreMonitoring.Builder.create(this, "Monitoring")
        .artifactBucket(artifactBucket).logArchive(logArchive).auditTrail(auditTrail).analytics(analytics).build();

    CfnOutput.Builder.create(this, "AuditorRoleArn").value(auditor.getRoleArn()).build();
    CfnOutput.Builder.create(this, "AccessLogBucketName").value(logArchive.getAccessLogBucket().getBucketName()).build();
    CfnOutput.Builder.create(this, "AlarmTopicArn").value(monitoring.getTopic().getTopicArn()).build();
  }
}
