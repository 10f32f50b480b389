import { Token } from 'aws-cdk-lib';
import type { TamperEntry } from './tamper-entries';

/** A value that a field of a record is compared with. */
export interface Comparison {
  readonly how: 'equals' | 'prefix' | 'suffix' | 'contains';
  readonly value: string;
  /** The most characters that the value can have once it is deployed. */
  readonly longest: number;
}

/** A field of a record, below `detail` in EventBridge's envelope, and what it has to be for a resource to be meant. */
export interface NamedBy {
  readonly parent: 'requestParameters' | 'resources';
  /** Of a field of a field, both, with a dot between them. */
  readonly field: string;
  /** Whether the field holds several values. */
  readonly isList?: boolean;
  readonly comparisons: readonly Comparison[];
}

/**
 * Calls that change one kind of resource. It is the one source of the EventBridge pattern and of the metric filters, so
 * that both lines watch for the same.
 */
export interface Watch {
  readonly id: string;
  readonly entry: TamperEntry;
  readonly eventSource: string;
  readonly category: 'management' | 'data';
  /** Names of events, or beginnings with a `*` behind; without, every event that changes something. */
  readonly events?: readonly string[];
  /** With no `events`: names of those that are harmless. */
  readonly except?: readonly string[];
  /** Events that tell of tampering even if CloudFormation makes the call; `all` for what no deployment ever does. */
  readonly evenByDeployments: readonly string[] | 'all';
  /** Any of them. */
  readonly namedBy: readonly NamedBy[];
  /** Fields that have to be there with a value, or not at all, besides. */
  readonly besides?: readonly Besides[];
  /** What was changed: words, or the path of the field that says it. */
  readonly subject: { readonly words: string; readonly path?: string };
}

export interface Besides {
  readonly parent: 'requestParameters' | 'resources';
  readonly field: string;
  /** Compared without regard to case; `undefined` for a field that is not there. */
  readonly value: string | undefined;
}

/**
 * @param longest the most characters that the value can have if it is only known at deployment
 */
export function comparison(how: Comparison['how'], value: string, longest: number): Comparison {
  return { how, value, longest: Token.isUnresolved(value) ? longest : value.length };
}

export function equal(value: string, longest: number): Comparison {
  return comparison('equals', value, longest);
}

/** By a parameter of the request that is one of these names, or ids. */
export function named(field: string, names: readonly string[], longest: number): NamedBy {
  return { parent: 'requestParameters', field, comparisons: names.map((name) => equal(name, longest)) };
}
