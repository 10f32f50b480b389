package com.example;

import io.github.securemodelartifactstore.ArtifactBucket;
import io.github.securemodelartifactstore.AuditTrail;
import io.github.securemodelartifactstore.EgressAnalytics;
import io.github.securemodelartifactstore.ISecureModelArtifactStore;
import io.github.securemodelartifactstore.LogArchive;
import io.github.securemodelartifactstore.SecureModelArtifactStore;
import io.github.securemodelartifactstore.SecureModelArtifactStoreAttributes;
import java.util.List;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.cloudtrail.ReadWriteType;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.constructs.Construct;

/** The parts by themselves, and a store of another stack. */
final class PartsStack extends Stack {
  PartsStack(final Construct scope, final String id) {
    super(scope, id);
    final LogArchive logArchive = LogArchive.Builder.create(this, "LogArchive").retention(Duration.days(400)).build();
    final ArtifactBucket artifactBucket = ArtifactBucket.Builder.create(this, "Artifacts")
        .serverAccessLogsBucket(logArchive.getAccessLogBucket())
        .build();
    final AuditTrail auditTrail = AuditTrail.Builder.create(this, "AuditTrail")
        .artifactBucket(artifactBucket)
        .logArchive(logArchive)
        .managementEvents(ReadWriteType.WRITE_ONLY)
        .build();
    final EgressAnalytics analytics = EgressAnalytics.Builder.create(this, "Analytics")
        .artifactBucket(artifactBucket)
        .logArchive(logArchive)
        .resultRetention(Duration.days(14))
        .build();
    analytics.getNode().addDependency(auditTrail);

    final ISecureModelArtifactStore store = SecureModelArtifactStore.fromSecureModelArtifactStoreAttributes(this, "Store",
        SecureModelArtifactStoreAttributes.builder()
            .storeName("fraud-models")
            .bucketName("fraud-models-111122223333")
            .encryptionKeyArn("arn:aws:kms:eu-central-1:111122223333:key/11111111-2222-3333-4444-555555555555")
            .restApiId("a1b2c3d4e5")
            .build());
    final Role endpoint = Role.Builder.create(this, "Endpoint").assumedBy(new ServicePrincipal("sagemaker.amazonaws.com")).build();
    store.grantDirectRead(endpoint, List.of("churn"));
  }
}
