package com.example;

import io.github.securemodelartifactstore.ComplianceChecks;
import io.github.securemodelartifactstore.ComplianceChecksOptions;
import io.github.securemodelartifactstore.CompliancePack;
import io.github.securemodelartifactstore.SnapshotTemplate;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.App;
import software.amazon.awscdk.AppProps;
import software.amazon.awscdk.Stack;

public final class ModelPlatform {
  public static void main(final String[] arguments) {
    final App app = new App();
    final Stack stack = new DefaultStack(app, "Default");
    new FurnishedStack(app, "Furnished");
    new PartsStack(app, "Parts");
    app.synth();

    // An app of its own, because rule packs look at a whole app, and what the others add is theirs to acknowledge.
    final App checked = new App(AppProps.builder().outdir("checked.out").build());
    new DefaultStack(checked, "Checked");
    ComplianceChecks.addTo(checked, ComplianceChecksOptions.builder()
        .packs(List.of(CompliancePack.AWS_SOLUTIONS))
        .acknowledgementsInTemplate(true)
        .build());
    checked.synth();

    // What a snapshot test in this language gets, handed on in a template so that it can be compared.
    final App snapshots = new App(AppProps.builder().outdir("snapshots.out").build());
    Map<String, Object> template = SnapshotTemplate.fromStack(stack);
    new Stack(snapshots, "Snapshot").getTemplateOptions().setMetadata(template);
    snapshots.synth();
  }

  private ModelPlatform() {
  }
}
