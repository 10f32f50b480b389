package com.example;

import io.github.securemodelartifactstore.SecureModelArtifactStore;
import software.amazon.awscdk.CfnOutput;
import software.amazon.awscdk.Stack;
import software.constructs.Construct;

/** A complete model store, with every setting at its default. */
public final class QuickstartStack extends Stack {
  private final SecureModelArtifactStore store;

  public QuickstartStack(final Construct scope, final String id) {
    super(scope, id);

    this.store = new SecureModelArtifactStore(this, "Models");

    output("StoreUrl", store.getUrl());
    output("BucketName", store.getArtifactBucket().getBucket().getBucketName());
    output("DataScientistRoleArn", store.getDataScientistRole().getRoleArn());
    output("PipelineRoleArn", store.getPipelineRole().getRoleArn());
    output("AuditorRoleArn", store.getAuditorRole().getRoleArn());
  }

  public SecureModelArtifactStore getStore() {
    return store;
  }

  private void output(final String id, final String value) {
    CfnOutput.Builder.create(this, id).value(value).build();
  }
}
