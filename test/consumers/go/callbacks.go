package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/aws-cdk-go/awscdk/v2/interfaces/interfacesawsevents"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// Hands events to a queue; the store's rules call it back.
type deploymentQueue struct {
	queue awssqs.IQueue
}

func (target *deploymentQueue) Bind(rule interfacesawsevents.IRuleRef, id *string) *awsevents.RuleTargetConfig {
	target.queue.GrantSendMessages(awsiam.NewServicePrincipal(jsii.String("events.amazonaws.com"), &awsiam.ServicePrincipalOpts{
		Conditions: &map[string]interface{}{
			"ArnEquals": map[string]interface{}{"aws:SourceArn": rule.RuleRef().RuleArn},
		},
	}))
	return &awsevents.RuleTargetConfig{
		Arn:         target.queue.QueueArn(),
		RetryPolicy: &awsevents.CfnRule_RetryPolicyProperty{MaximumRetryAttempts: jsii.Number(8)},
	}
}

// Keeps a function's runtime until its next deployment; the CDK calls it back with each construct of the store.
type pinnedRuntime struct{}

func (aspect *pinnedRuntime) Visit(node constructs.IConstruct) {
	if function, ok := node.(awslambda.CfnFunction); ok {
		function.AddPropertyOverride(jsii.String("RuntimeManagementConfig"), map[string]interface{}{"UpdateRuntimeOn": "FunctionUpdate"})
	}
}
