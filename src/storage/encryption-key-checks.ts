import { Stack, Token } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import type { IConstruct } from 'constructs';
import { isAlias } from './storage-key';
import type { Problems } from '../common/problems';

/**
 * Whether a key can encrypt for S3, CloudWatch Logs or SNS: a symmetric one, enabled, of the Region, and no alias. Of a key
 * that was made in another app only its ARN is known.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
 */
export function checkEncryptionKey(problems: Problems, scope: IConstruct, property: string, key: kms.IKey | undefined): void {
  if (key === undefined) {
    return;
  }
  if (isAlias(key)) {
    problems.add(`${property} is an alias; policies name a key by its ARN, and an alias can be pointed at another key: give the key itself`);
  }
  const { region } = Stack.of(scope);
  if (!Token.isUnresolved(region) && !Token.isUnresolved(key.env.region) && key.env.region !== region) {
    problems.add(`${property} is ${describe(key)} in Region ${key.env.region}, and what it encrypts is in ${region}; AWS encrypts with keys of the same Region`);
  }
  const { keySpec = 'SYMMETRIC_DEFAULT', keyUsage = 'ENCRYPT_DECRYPT', enabled } = settingsOf(key);
  if (keySpec !== 'SYMMETRIC_DEFAULT' || keyUsage !== 'ENCRYPT_DECRYPT') {
    problems.add(`${property} is ${describe(key)} with keySpec ${keySpec} and keyUsage ${keyUsage}; AWS services encrypt with symmetric keys only: give a key `
      + 'with keySpec SYMMETRIC_DEFAULT and keyUsage ENCRYPT_DECRYPT (the defaults)');
  }
  if (enabled === false) {
    problems.add(`${property} is ${describe(key)} with enabled: false; nothing can be encrypted or read with it: enable it`);
  }
}

/** Whether a key can sign manifests. */
export function checkSigningKey(problems: Problems, property: string, key: kms.IKey | undefined): void {
  if (key === undefined || cfnKeyOf(key) === undefined) {
    return;
  }
  const { keySpec = 'SYMMETRIC_DEFAULT', keyUsage = 'ENCRYPT_DECRYPT' } = settingsOf(key);
  if (keySpec !== 'ECC_NIST_P256' || keyUsage !== 'SIGN_VERIFY') {
    problems.add(`${property} is ${describe(key)} with keySpec ${keySpec} and keyUsage ${keyUsage}; manifests are signed with ECDSA over P-256: give a key `
      + 'with keySpec ECC_NIST_P256 and keyUsage SIGN_VERIFY');
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
