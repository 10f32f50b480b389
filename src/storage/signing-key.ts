import { RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { limitGrants } from '../common/key-grants';
import { refuseWeakening } from '../common/weakened-resources';

/**
 * Properties of `SigningKey`.
 */
export interface SigningKeyProps {
  /**
   * What happens to the key when it is removed from the stack. A deleted key can no longer sign, but its existing
   * signatures can still be verified with the public key, if it was saved.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * The number of the key. A different number is a different key: CloudFormation creates it, and removes the previous
   * one from the stack according to `removalPolicy`.
   *
   * @default 1
   */
  readonly generation?: number;
}

/**
 * The asymmetric KMS key (ECC_NIST_P256) that signs the manifest of every published version.
 *
 * The private key never leaves KMS. With the public key, a model can be verified offline with the OpenSSF
 * `model_signing` tool.
 */
export class SigningKey extends Construct {
  /** The KMS key. */
  public readonly key: kms.Key;

  /**
   * @param scope the scope to create the construct in
   * @param id the ID of the construct, unique within the scope
   * @param props the properties of the key; every property has a secure default
   */
  constructor(scope: Construct, id: string, props: SigningKeyProps = {}) {
    super(scope, id);
    const { generation = 1 } = props;
    this.key = limitGrants(new kms.Key(this, generation === 1 ? 'Key' : `Key${generation}`, {
      description: `Signs the manifests of published model versions (${this.node.path})`,
      keySpec: kms.KeySpec.ECC_NIST_P256,
      keyUsage: kms.KeyUsage.SIGN_VERIFY,
      removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN,
    }));
    refuseWeakening(this, { removalPolicy: props.removalPolicy });
  }

  /**
   * Prevents all other principals, including account administrators, from signing, so that a signature proves
   * that the store published the version. The roles still need IAM permissions. A principal that can change the key's
   * policy can remove the deny, but CloudTrail records the change.
   *
   * The roles must be in the same stack as the key, or have explicit names. Call this method once.
   *
   * @param signers the roles that can sign
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
