package com.example;

import java.util.Map;
import software.amazon.awscdk.IAspect;
import software.amazon.awscdk.services.lambda.CfnFunction;
import software.constructs.IConstruct;

/** Keeps a function's runtime until its next deployment; the CDK calls it back with each construct of the store. */
final class PinnedRuntime implements IAspect {
  @Override
  public void visit(final IConstruct node) {
    if (node instanceof CfnFunction) {
      ((CfnFunction) node).addPropertyOverride("RuntimeManagementConfig", Map.of("UpdateRuntimeOn", "FunctionUpdate"));
    }
  }
}
