package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	store "github.com/secure-model-artifact-store/secure-model-artifact-store-go/securemodelartifactstore"
	"github.com/secure-model-artifact-store/secure-model-artifact-store-go/securemodelartifactstore/testing"
)

// A whole model store, with every setting at its default.
func newDefaultStack(scope constructs.Construct, id string) awscdk.Stack {
	stack := awscdk.NewStack(scope, &id, nil)
	store.NewSecureModelArtifactStore(stack, jsii.String("Models"), nil)
	return stack
}

func main() {
	defer jsii.Close()

	app := awscdk.NewApp(nil)
	stack := newDefaultStack(app, "Default")
	newFurnishedStack(app, "Furnished")
	newPartsStack(app, "Parts")
	app.Synth(nil)

	// A separate app, because rule packs check a whole app, and the other stacks have their own findings.
	checked := awscdk.NewApp(&awscdk.AppProps{Outdir: jsii.String("checked.out")})
	newDefaultStack(checked, "Checked")
	store.ComplianceChecks_AddWithAcknowledgementsTo(checked, &[]store.CompliancePack{store.CompliancePack_AWS_SOLUTIONS})
	checked.Synth(nil)

	// The result of a snapshot test in this language, passed on in a template for comparison.
	snapshots := awscdk.NewApp(&awscdk.AppProps{Outdir: jsii.String("snapshots.out")})
	awscdk.NewStack(snapshots, jsii.String("Snapshot"), nil).TemplateOptions().SetMetadata(testing.SnapshotTemplate_FromStack(stack))
	snapshots.Synth(nil)
}
