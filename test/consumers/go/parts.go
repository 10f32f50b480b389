package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudtrail"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	store "github.com/secure-model-artifact-store/secure-model-artifact-store-go/securemodelartifactstore"
)

// The parts by themselves, and a store of another stack.
func newPartsStack(scope constructs.Construct, id string) awscdk.Stack {
	stack := awscdk.NewStack(scope, &id, nil)
	logArchive := store.NewLogArchive(stack, jsii.String("LogArchive"), &store.LogArchiveProps{
		Retention: awscdk.Duration_Days(jsii.Number(400)),
	})
	artifactBucket := store.NewArtifactBucket(stack, jsii.String("Artifacts"), &store.ArtifactBucketProps{
		ServerAccessLogsBucket: logArchive.AccessLogBucket(),
	})
	auditTrail := store.NewAuditTrail(stack, jsii.String("AuditTrail"), &store.AuditTrailProps{
		ArtifactBucket:   artifactBucket,
		LogArchive:       logArchive,
		ManagementEvents: awscloudtrail.ReadWriteType_WRITE_ONLY,
	})
	analytics := store.NewEgressAnalytics(stack, jsii.String("Analytics"), &store.EgressAnalyticsProps{
		ArtifactBucket:  artifactBucket,
		LogArchive:      logArchive,
		ResultRetention: awscdk.Duration_Days(jsii.Number(14)),
	})
	analytics.Node().AddDependency(auditTrail)

	models := store.SecureModelArtifactStore_FromSecureModelArtifactStoreAttributes(stack, jsii.String("Store"), &store.SecureModelArtifactStoreAttributes{
		StoreName:        jsii.String("fraud-models"),
		BucketName:       jsii.String("fraud-models-111122223333"),
		EncryptionKeyArn: jsii.String("arn:aws:kms:eu-central-1:111122223333:key/11111111-2222-3333-4444-555555555555"),
		RestApiId:        jsii.String("a1b2c3d4e5"),
	})
	endpoint := awsiam.NewRole(stack, jsii.String("Endpoint"), &awsiam.RoleProps{
		AssumedBy: awsiam.NewServicePrincipal(jsii.String("sagemaker.amazonaws.com"), nil),
	})
	models.GrantDirectRead(endpoint, jsii.Strings("churn"))
	return stack
}
