import { RemovalPolicy } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';

/**
 * Properties of `SigningKey`.
 */
export interface SigningKeyProps {
  /**
   * What happens to the key when it leaves the stack. A destroyed key signs nothing any more, but what it signed can still
   * be verified by whoever kept its public key.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * The asymmetric KMS key (ECC_NIST_P256) that signs the manifest of every published version.
 *
 * The private half never leaves KMS; the public half verifies a model offline, with the OpenSSF `model_signing` tool.
 */
export class SigningKey extends Construct {
  /** The key. */
  public readonly key: kms.Key;

  constructor(scope: Construct, id: string, props: SigningKeyProps = {}) {
    super(scope, id);
    this.key = new kms.Key(this, 'Key', {
      description: `Signs the manifests of published model versions (${this.node.path})`,
      keySpec: kms.KeySpec.ECC_NIST_P256,
      keyUsage: kms.KeyUsage.SIGN_VERIFY,
      removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN,
    });
  }
}
