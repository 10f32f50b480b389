package com.example;

import io.github.securemodelartifactstore.ComplianceChecks;
import io.github.securemodelartifactstore.CompliancePack;
import io.github.securemodelartifactstore.testing.SnapshotTemplate;
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

    // A separate app, because rule packs check a whole app, and the other stacks have their own findings.
    final App checked = new App(AppProps.builder().outdir("checked.out").build());
    new DefaultStack(checked, "Checked");
    ComplianceChecks.addWithAcknowledgementsTo(checked, List.of(CompliancePack.AWS_SOLUTIONS));
    checked.synth();

    // The result of a snapshot test in this language, passed on in a template for comparison.
    final App snapshots = new App(AppProps.builder().outdir("snapshots.out").build());
    Map<String, Object> template = SnapshotTemplate.fromStack(stack);
    new Stack(snapshots, "Snapshot").getTemplateOptions().setMetadata(template);
    snapshots.synth();
  }

  private ModelPlatform() {
  }
}
