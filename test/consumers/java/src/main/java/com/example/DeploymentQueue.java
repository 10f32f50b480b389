package com.example;

import java.util.Map;
import software.amazon.awscdk.interfaces.events.IRuleRef;
import software.amazon.awscdk.services.events.CfnRule.RetryPolicyProperty;
import software.amazon.awscdk.services.events.IRuleTarget;
import software.amazon.awscdk.services.events.RuleTargetConfig;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.sqs.IQueue;

/** Hands events to a queue; the store's rules call it back. */
final class DeploymentQueue implements IRuleTarget {
  private final IQueue queue;

  DeploymentQueue(final IQueue queue) {
    this.queue = queue;
  }

  @Override
  public RuleTargetConfig bind(final IRuleRef rule, final String id) {
    queue.grantSendMessages(ServicePrincipal.Builder.create("events.amazonaws.com")
        .conditions(Map.of("ArnEquals", Map.of("aws:SourceArn", rule.getRuleRef().getRuleArn())))
        .build());
    return RuleTargetConfig.builder()
        .arn(queue.getQueueArn())
        .retryPolicy(RetryPolicyProperty.builder().maximumRetryAttempts(8).build())
        .build();
  }

  @Override
  public RuleTargetConfig bind(final IRuleRef rule) {
    return bind(rule, null);
  }
}
