package com.example;

import java.util.Objects;
import software.amazon.awscdk.App;

public final class Main {
  private Main() {
  }

  public static void main(final String[] args) {
    final App app = new App();
    final Object bucket = app.getNode().tryGetContext("bucket");
    new EgressOnlyStack(app, "EgressOnly", Objects.toString(bucket, "acme-models"));
    app.synth();
  }
}
