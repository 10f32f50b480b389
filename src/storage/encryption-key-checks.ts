import { Stack, Token } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import type { IConstruct } from 'constructs';
import { isAlias } from './storage-key';
import type { Problems } from '../common/problems';

/**
 * Checks that a key can encrypt for S3, CloudWatch Logs or SNS: it must be symmetric, enabled, in the same Region, and
 * not an alias. For an imported key, only the ARN is known.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
 */
export function checkEncryptionKey(
  problems: Problems, scope: IConstruct, property: string, key: kms.IKey | undefined,
): void {
  if (key === undefined) {
    return;
  }
  if (isAlias(key)) {
    problems.add(`${property} is an alias; policies refer to a key by its ARN, and an alias can later point to another `
      + 'key: use the key itself');
  }
  const { region } = Stack.of(scope);
  if (!Token.isUnresolved(region) && !Token.isUnresolved(key.env.region) && key.env.region !== region) {
    problems.add(`${property} is ${describe(key)} in Region ${key.env.region}, but the resource that it encrypts is in `
      + `${region}; use a key in the same Region`);
  }
  const { keySpec = 'SYMMETRIC_DEFAULT', keyUsage = 'ENCRYPT_DECRYPT', enabled } = settingsOf(key);
  if (keySpec !== 'SYMMETRIC_DEFAULT' || keyUsage !== 'ENCRYPT_DECRYPT') {
    problems.add(`${property} is ${describe(key)} with keySpec ${keySpec} and keyUsage ${keyUsage}; AWS services `
      + 'encrypt only with symmetric keys: use a key with keySpec SYMMETRIC_DEFAULT and keyUsage ENCRYPT_DECRYPT (the '
      + 'defaults)');
  }
  if (enabled === false) {
    problems.add(`${property} is ${describe(key)} with enabled: false; a disabled key cannot encrypt or decrypt: `
      + 'enable it');
  }
}

/** Checks that a key can sign manifests. */
export function checkSigningKey(problems: Problems, property: string, key: kms.IKey | undefined): void {
  if (key === undefined || cfnKeyOf(key) === undefined) {
    return;
  }
  const { keySpec = 'SYMMETRIC_DEFAULT', keyUsage = 'ENCRYPT_DECRYPT' } = settingsOf(key);
  if (keySpec !== 'ECC_NIST_P256' || keyUsage !== 'SIGN_VERIFY') {
    problems.add(`${property} is ${describe(key)} with keySpec ${keySpec} and keyUsage ${keyUsage}; manifests are `
      + 'signed with ECDSA on curve P-256: use a key with keySpec ECC_NIST_P256 and keyUsage SIGN_VERIFY');
  }
}

function settingsOf(key: kms.IKey): { keySpec?: string; keyUsage?: string; enabled?: unknown } {
  const { keySpec, keyUsage, enabled } = cfnKeyOf(key) ?? {};
  return { keySpec: literal(keySpec), keyUsage: literal(keyUsage), enabled };
}

function cfnKeyOf(key: kms.IKey): kms.CfnKey | undefined {
  const child = key.node.defaultChild;
  return child instanceof kms.CfnKey ? child : undefined;
}

function literal(value: string | undefined): string | undefined {
  return Token.isUnresolved(value) ? undefined : value;
}

function describe(key: kms.IKey): string {
  return cfnKeyOf(key) ? `the key ${key.node.path}` : Token.isUnresolved(key.keyArn) ? 'a key' : key.keyArn;
}
