import { Names, Stack, Token } from 'aws-cdk-lib';
import type { Construct, IConstruct } from 'constructs';
import type { Problems } from '../common/problems';

interface NamedStore { readonly store: Construct; readonly storeName: string }

const stores = new WeakMap<IConstruct, NamedStore[]>();

/** The store's name is part of its SSM parameter names. */
export function checkStoreName(problems: Problems, storeName: string): void {
  if (!Token.isUnresolved(storeName) && !/^[A-Za-z0-9._-]{1,128}$/.test(storeName)) {
    problems.add(`storeName is ${JSON.stringify(storeName)}; use 1 to 128 letters, digits, ".", "_" and "-", because `
      + 'it becomes part of an SSM parameter name');
  }
}

/** SSM parameter names, and so store names, are unique within an account and Region. */
export function claimStoreName(problems: Problems, store: Construct, storeName: string): void {
  if (Token.isUnresolved(storeName)) {
    return;
  }
  const { root } = store.node;
  const others = stores.get(root) ?? [];
  const other = others.find((each) => each.storeName === storeName && inOnePlace(each.store, store));
  if (other) {
    problems.add(`storeName is "${storeName}", which ${other.store.node.path} in the same account and Region already `
      + 'uses; rename one of them');
  }
  stores.set(root, [...others, { store, storeName }]);
}

/** Two stacks without an explicit environment may be intended for different accounts. */
function inOnePlace(one: Construct, other: Construct): boolean {
  const [a, b] = [Stack.of(one), Stack.of(other)];
  const known = ![a.account, a.region, b.account, b.region].some((value) => Token.isUnresolved(value));
  return a === b || (known && a.account === b.account && a.region === b.region);
}

const LONGEST_NAME = 128;

/**
 * The name of the stack and the construct's path within it, which is easy to remember. A hash is added only if the name
 * is too long.
 */
export function storeNameOf(store: Construct): string {
  const name = pathOf(store).replace(/[^A-Za-z0-9._-]+/g, '-');
  return name.length <= LONGEST_NAME ? name
    : Names.uniqueResourceName(store, { maxLength: LONGEST_NAME, separator: '-' });
}

/**
 * Uses the stack's name if it was set explicitly: two apps in an account may use the same stack ID, but never the same
 * stack name. A name that the CDK generates is hard to remember, and the name of a nested stack is known only at
 * deployment.
 */
function pathOf(store: Construct): string {
  const { stackName, node } = Stack.of(store);
  const given = !Token.isUnresolved(stackName) && !/[0-9A-F]{8}$/.test(stackName);
  return given ? `${stackName}${store.node.path.slice(node.path.length)}` : store.node.path;
}
