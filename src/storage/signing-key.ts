import { RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
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

  /**
   * @param scope the construct to create it in
   * @param id id of the construct, unique within the scope
   * @param props its properties; every one has a safe default
   */
  constructor(scope: Construct, id: string, props: SigningKeyProps = {}) {
    super(scope, id);
    this.key = new kms.Key(this, 'Key', {
      description: `Signs the manifests of published model versions (${this.node.path})`,
      keySpec: kms.KeySpec.ECC_NIST_P256,
      keyUsage: kms.KeyUsage.SIGN_VERIFY,
      removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN,
    });
  }

  /**
   * Deny everybody else, administrators of the account included, to sign with the key, so that a signature says that the
   * store published the version. The roles still need to be allowed; whoever may change the key's policy can take the deny
   * away, which is an event of its own.
   *
   * The roles have to be in the same stack as the key, or to have names of their own. Call it once.
   *
   * @param signers the roles that may go on signing
   */
  public restrictSigners(signers: iam.IRole[]): void {
    this.key.addToResourcePolicy(new iam.PolicyStatement({
      sid: 'DenyOtherSigners',
      effect: iam.Effect.DENY,
      principals: [new iam.StarPrincipal()],
      actions: ['kms:Sign'],
      // In a key policy, "*" is the key itself.
      resources: ['*'],
      conditions: { ArnNotEquals: { 'aws:PrincipalArn': signers.map((signer) => signer.roleArn) } },
    }));
  }
}
