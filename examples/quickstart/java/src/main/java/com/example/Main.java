package com.example;

import software.amazon.awscdk.App;

public final class Main {
  private Main() {
  }

  public static void main(final String[] args) {
    final App app = new App();
    new QuickstartStack(app, "ModelStore");
    app.synth();
  }
}
