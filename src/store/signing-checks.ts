import { Stack, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { SigningOptions } from './options';
import type { Problems } from '../common/problems';
import { checkSigningKey } from '../storage/encryption-key-checks';
import { isAlias } from '../storage/storage-key';

/** The session that reads the public keys lists all of them in its policy, which has a limited size. */
const MAX_FORMER_KEYS = 10;

/** Reports all problems of `signing`. */
export function checkSigning(problems: Problems, store: IConstruct, signing: SigningOptions = {}): void {
  const { enabled, generation, formerKeys } = signing;
  if (enabled === false) {
    for (const [property, value] of Object.entries({ generation, formerKeys })) {
      if (value !== undefined) {
        problems.add(`signing.${property} configures the signing key, but signing.enabled is false; remove one of the `
          + 'two');
      }
    }
  }
  // The number is part of the key's logical ID, so it must be known at synthesis.
  if (generation !== undefined && !(Number.isInteger(generation) && generation >= 1)) {
    const shown = Token.isUnresolved(generation) ? 'known only at deployment' : generation;
    problems.add(`signing.generation is ${shown}; use a whole number, 1 for the first key`);
  }
  if (formerKeys !== undefined && formerKeys.length > MAX_FORMER_KEYS) {
    problems.add(`signing.formerKeys has ${formerKeys.length} keys; list at most ${MAX_FORMER_KEYS}`);
  }
  for (const [key, index] of problems.items('signing.formerKeys', formerKeys)) {
    checkFormerKey(problems, store, `signing.formerKeys[${index}]`, key);
  }
}

function checkFormerKey(
  problems: Problems, store: IConstruct, property: string, key: NonNullable<SigningOptions['formerKeys']>[number],
): void {
  checkSigningKey(problems, property, key);
  if (isAlias(key)) {
    problems.add(`${property} is an alias, which can later point to another key; use the key itself`);
  }
  const { region } = Stack.of(store);
  if (!Token.isUnresolved(region) && !Token.isUnresolved(key.env.region) && key.env.region !== region) {
    problems.add(`${property} is in Region ${key.env.region}, but the store is in ${region}; the functions of the `
      + 'store use KMS in their own Region');
  }
}
