package com.example;

import io.github.securemodelartifactstore.SecureModelArtifactStore;
import software.amazon.awscdk.Stack;
import software.constructs.Construct;

/** A whole model store, with every setting at its default. */
final class DefaultStack extends Stack {
  DefaultStack(final Construct scope, final String id) {
    super(scope, id);
    new SecureModelArtifactStore(this, "Models");
  }
}
