package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudtrail"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	store "github.com/secure-model-artifact-store/secure-model-artifact-store-go/securemodelartifactstore"
)

// A store with a setting of each kind: enums, nested structures, static factories, interfaces, grants and events.
func newFurnishedStack(scope constructs.Construct, id string) awscdk.Stack {
	stack := awscdk.NewStack(scope, &id, nil)
	vpc := awsec2.Vpc_FromVpcAttributes(stack, jsii.String("Vpc"), &awsec2.VpcAttributes{
		VpcId:             jsii.String("vpc-1a2b3c4d"),
		AvailabilityZones: jsii.Strings("eu-central-1a", "eu-central-1b"),
		PrivateSubnetIds:  jsii.Strings("subnet-1a2b3c4d", "subnet-5e6f7a8b"),
		VpcCidrBlock:      jsii.String("10.0.0.0/16"),
	})

	models := store.NewSecureModelArtifactStore(stack, jsii.String("Models"), &store.SecureModelArtifactStoreProps{
		StoreName: jsii.String("fraud-models"),
		Authentication: store.ApiAuthentication_Cognito(&store.CognitoAuthenticationOptions{
			Groups: &[]*store.CognitoGroup{
				{
					Name: jsii.String("fraud"),
					Permissions: &[]store.ApiPermission{
						store.ApiPermission_READ, store.ApiPermission_UPLOAD, store.ApiPermission_DOWNLOAD,
					},
					Models: jsii.Strings("fraud-*"),
				},
				{
					Name:        jsii.String("release"),
					Permissions: &[]store.ApiPermission{store.ApiPermission_READ, store.ApiPermission_PROMOTE},
				},
			},
		}),
		Network: &store.NetworkOptions{
			Perimeter: &store.Perimeter{
				Cidrs:          jsii.Strings("203.0.113.0/24"),
				VpcEndpointIds: jsii.Strings("vpce-1a2b3c4d5e6f7a8b9"),
				OrganizationId: jsii.String("o-a1b2c3d4e5"),
			},
			Vpc:                    vpc,
			WebApplicationFirewall: store.WebApplicationFirewall_Managed(jsii.Number(500)),
		},
		Access: &store.AccessOptions{
			DataScientist: &store.StoreRoleOptions{
				AssumedBy: awsiam.NewArnPrincipal(jsii.String("arn:aws:iam::111122223333:role/Fraud")),
				Models:    jsii.Strings("fraud-*"),
			},
			Auditor: &store.StoreRoleOptions{
				RequireMultiFactorAuthentication: jsii.Bool(true),
				MaxSessionDuration:               awscdk.Duration_Hours(jsii.Number(2)),
			},
			Administrators: &[]awsiam.IPrincipal{
				awsiam.NewArnPrincipal(jsii.String("arn:aws:iam::111122223333:role/ModelAdministrator")),
			},
			PresignedUrlLifetime: awscdk.Duration_Minutes(jsii.Number(30)),
		},
		Capacity: &store.CapacityOptions{
			MemorySize:                   jsii.Number(2048),
			ReservedConcurrentExecutions: jsii.Number(50),
			MinCapacity:                  jsii.Number(2),
			MaxCapacity:                  jsii.Number(20),
			UtilizationTarget:            jsii.Number(0.6),
		},
		Audit: &store.AuditOptions{
			ManagementEvents: awscloudtrail.ReadWriteType_ALL,
			IsMultiRegion:    jsii.Bool(false),
			Analytics: &store.AnalyticsOptions{
				BusinessHours: &store.BusinessHours{
					Days: jsii.Numbers(1, 2, 3, 4), StartHour: jsii.Number(8), UtcOffsetMinutes: jsii.Number(60),
				},
				Thresholds: &store.AuditThresholds{BulkEgress: awscdk.Size_Gibibytes(jsii.Number(5)), MedianFactor: jsii.Number(3)},
			},
		},
		Retention: &store.RetentionOptions{
			Logs:            awscdk.Duration_Days(jsii.Number(2555)),
			CloudWatchLogs:  awslogs.RetentionDays_TWO_YEARS,
			ModelObjectLock: awss3.ObjectLockRetention_Governance(awscdk.Duration_Days(jsii.Number(90))),
			LogObjectLock:   awss3.ObjectLockRetention_Compliance(awscdk.Duration_Days(jsii.Number(400))),
			RemovalPolicy:   awscdk.RemovalPolicy_RETAIN,
		},
		Storage: &store.StorageOptions{InventoryFrequency: awss3.InventoryFrequency_DAILY},
		Monitoring: &store.MonitoringOptions{
			Emails: jsii.Strings("on-call@example.com"),
			Channels: &[]store.NotificationChannel{
				store.NotificationChannel_Slack(jsii.String("T0123ABCD"), jsii.String("C0123ABCD")),
			},
			Thresholds: &store.AlarmThresholds{
				EgressPerPrincipal: awscdk.Size_Gibibytes(jsii.Number(50)), ApiLatency: awscdk.Duration_Seconds(jsii.Number(3)),
			},
			Tampering: &store.TamperOptions{
				Deployments:                store.DeploymentChanges_NOTIFY,
				AccountChecks:              jsii.Bool(true),
				UnauthorizedCallsThreshold: jsii.Number(50),
			},
		},
	})

	training := awsiam.NewRole(stack, jsii.String("Training"), &awsiam.RoleProps{
		AssumedBy: awsiam.NewServicePrincipal(jsii.String("sagemaker.amazonaws.com"), nil),
	})
	models.GrantDirectRead(training, jsii.Strings("fraud-*", "churn"))
	models.GrantPush(training, jsii.Strings("fraud-*")).AssertSuccess()
	release := awsiam.NewRole(stack, jsii.String("Release"), &awsiam.RoleProps{AssumedBy: awsiam.NewAccountRootPrincipal()})
	models.GrantPromote(release, nil)
	models.GrantAudit(release, nil)

	queue := awssqs.NewQueue(stack, jsii.String("Deployments"), &awssqs.QueueProps{EnforceSSL: jsii.Bool(true)})
	models.OnAliasChanged(jsii.String("ProductionMoved"), &store.StoreEventOptions{
		Alias:  jsii.String("production"),
		Models: jsii.Strings("fraud-*"),
		Target: &deploymentQueue{queue},
	})
	models.OnVersionPublished(jsii.String("Published"), &store.StoreEventOptions{
		Description: jsii.String("Every new version"),
	}).AddTarget(&deploymentQueue{queue})
	models.Monitoring().MetricEgressBytes(&awscloudwatch.MetricOptions{Period: awscdk.Duration_Hours(jsii.Number(1))}).
		CreateAlarm(stack, jsii.String("HourOfEgress"), &awscloudwatch.CreateAlarmOptions{
			Threshold: jsii.Number(1e12), EvaluationPeriods: jsii.Number(1),
		})
	awscdk.Aspects_Of(models).Add(&pinnedRuntime{}, nil)
	return stack
}
