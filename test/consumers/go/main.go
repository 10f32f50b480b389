package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	store "github.com/secure-model-artifact-store/secure-model-artifact-store-go/securemodelartifactstore"
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

	// An app of its own, because rule packs look at a whole app, and what the others add is theirs to acknowledge.
	checked := awscdk.NewApp(&awscdk.AppProps{Outdir: jsii.String("checked.out")})
	newDefaultStack(checked, "Checked")
	store.ComplianceChecks_AddTo(checked, &store.ComplianceChecksOptions{
		Packs:                      &[]store.CompliancePack{store.CompliancePack_AWS_SOLUTIONS},
		AcknowledgementsInTemplate: jsii.Bool(true),
	})
	checked.Synth(nil)

	// What a snapshot test in this language gets, handed on in a template so that it can be compared.
	snapshots := awscdk.NewApp(&awscdk.AppProps{Outdir: jsii.String("snapshots.out")})
	awscdk.NewStack(snapshots, jsii.String("Snapshot"), nil).TemplateOptions().SetMetadata(store.SnapshotTemplate_FromStack(stack))
	snapshots.Synth(nil)
}
