module example.com/model-platform

go 1.25

require (
	github.com/aws/aws-cdk-go/awscdk/v2 v2.263.0
	github.com/aws/constructs-go/constructs/v10 v10.5.1
	github.com/aws/jsii-runtime-go v1.140.0
	github.com/secure-model-artifact-store/secure-model-artifact-store-go/securemodelartifactstore v0.0.0
)
