import { Stack, Token } from 'aws-cdk-lib';
import type { Construct, IConstruct } from 'constructs';
import type { Problems } from '../common/problems';

interface NamedStore { readonly store: Construct; readonly storeName: string }

const stores = new WeakMap<IConstruct, NamedStore[]>();

/** A store's name is part of the names of its SSM parameters. */
export function checkStoreName(problems: Problems, storeName: string): void {
  if (!Token.isUnresolved(storeName) && !/^[A-Za-z0-9._-]{1,128}$/.test(storeName)) {
    problems.add(`storeName is ${JSON.stringify(storeName)}; it names an SSM parameter: 1 to 128 letters, digits, ".", "_" and "-"`);
  }
}

/** An account has each SSM parameter once in a Region, and so each name of a store. */
export function claimStoreName(problems: Problems, store: Construct, storeName: string): void {
  if (Token.isUnresolved(storeName)) {
    return;
  }
  const { root } = store.node;
  const others = stores.get(root) ?? [];
  const other = others.find((each) => each.storeName === storeName && inOnePlace(each.store, store));
  if (other) {
    problems.add(`storeName is "${storeName}", which ${other.store.node.path} in the same account and Region has too; give one of them another name`);
  }
  stores.set(root, [...others, { store, storeName }]);
}

/** Two stacks without an environment may be meant for two accounts. */
function inOnePlace(one: Construct, other: Construct): boolean {
  const [a, b] = [Stack.of(one), Stack.of(other)];
  const known = ![a.account, a.region, b.account, b.region].some((value) => Token.isUnresolved(value));
  return a === b || (known && a.account === b.account && a.region === b.region);
}
