import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { SecureModelArtifactStore } from 'secure-model-artifact-store';

/** Where the models of the platform are kept. */
export class ModelsStack extends Stack {
  public readonly store: SecureModelArtifactStore;

  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);
    this.store = new SecureModelArtifactStore(this, 'Store');
  }
}
