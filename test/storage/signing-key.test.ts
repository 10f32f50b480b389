import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { ACCOUNT, policyOf } from './support/policies';
import { allowed, denials } from './support/policy-evaluator';
import { SigningKey } from '../../src/storage/signing-key';

describe('a signing key', () => {
  test('is an elliptic-curve key that is retained when the stack is deleted', () => {
    const stack = new Stack(new App(), 'Stack');
    new SigningKey(stack, 'SigningKey');
    Template.fromStack(stack).hasResource('AWS::KMS::Key', {
      DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain', Properties: { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' },
    });
  });

  describe('whose signers are named', () => {
    const stack = new Stack(new App(), 'Stack');
    const signingKey = new SigningKey(stack, 'SigningKey');
    const signer = new iam.Role(stack, 'Signer', { assumedBy: new iam.AccountRootPrincipal() });
    signingKey.restrictSigners([signer]);
    const { arn, statements } = policyOf(stack, signingKey.key);
    const refused = (action: string, principal: string) =>
      denials(statements, { action, resource: arn, context: { 'aws:PrincipalArn': `arn:aws:iam::${ACCOUNT}:${principal}` } });

    test('can sign for them', () => {
      const role = stack.getLogicalId(signer.node.defaultChild as iam.CfnRole).toLowerCase();
      expect(refused('kms:Sign', `role/${role}`)).toEqual([]);
    });

    test.each(['role/administrator', 'user/alice', 'root'])('cannot sign for %s, regardless of IAM', (principal) => {
      expect(refused('kms:Sign', principal)).toEqual(['DenyOtherSigners']);
    });

    test('leaves reading its public key to IAM, and its administration to the account', () => {
      for (const action of ['kms:GetPublicKey', 'kms:Verify', 'kms:PutKeyPolicy']) {
        expect(refused(action, 'role/administrator')).toEqual([]);
      }
      expect(allowed(statements, { action: 'kms:PutKeyPolicy', resource: arn, context: { 'aws:PrincipalArn': `arn:aws:iam::${ACCOUNT}:root` } })).toBe(true);
    });
  });
});
