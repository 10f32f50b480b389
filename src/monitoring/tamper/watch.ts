import { Token } from 'aws-cdk-lib';
import type { TamperEntry } from './tamper-entries';

/** A value that a field of a record is compared with. */
export interface Comparison {
  readonly how: 'equals' | 'prefix' | 'suffix' | 'contains';
  readonly value: string;
  /** The maximum length of the deployed value, in characters. */
  readonly longest: number;
}

/** A field of a record, below `detail` in the EventBridge event, and the values that identify a protected resource. */
export interface NamedBy {
  readonly parent: 'requestParameters' | 'resources';
  /** The name of the field; for a nested field, both names separated by a dot. */
  readonly field: string;
  /** Whether the field holds several values. */
  readonly isList?: boolean;
  /**
   * For `resources`: how many entries of the list a metric filter compares, because a pattern can only match a fixed
   * position. EventBridge compares all of them.
   *
   * @default 1
   */
  readonly positions?: number;
  readonly comparisons: readonly Comparison[];
}

/** The names of the watched events of a service. */
export interface WatchedEvents {
  readonly eventSource: string;
  /** Names of events, or prefixes followed by `*`. Without it, every event that changes something. */
  readonly events?: readonly string[];
  /** Names of harmless events, which are ignored. Only without `events`. */
  readonly except?: readonly string[];
}

/**
 * Calls that change one kind of resource. The EventBridge pattern and the metric filters are both generated from it, so
 * that they match the same calls.
 */
export interface Watch extends WatchedEvents {
  readonly id: string;
  readonly entry: TamperEntry;
  readonly category: 'management' | 'data';
  /** Names of events that are tampering even if CloudFormation makes the call; `all` if no deployment makes any. */
  readonly evenByDeployments: readonly string[] | 'all';
  /** Whether read-only calls match too. */
  readonly includesReads?: boolean;
  /** The fields that identify the resource. One match is enough. If empty, the resource does not matter. */
  readonly namedBy: readonly NamedBy[];
  /** An AWS service whose own calls are ignored. Calls that it makes with a customer's role are not. */
  readonly exceptBy?: string;
  /** Additional fields that must have a value, or must be absent. */
  readonly besides?: readonly Besides[];
  /** The changed resource: a text, and the path of the event field with its name if it varies. */
  readonly subject: { readonly words: string; readonly path?: string };
}

export interface Besides {
  readonly parent: 'requestParameters' | 'resources';
  readonly field: string;
  /** The value; EventBridge patterns ignore its case. `undefined` if the field must be absent. */
  readonly value: string | undefined;
}

/**
 * @param longest the maximum length of the value, in characters, if it is only known at deployment
 */
export function comparison(how: Comparison['how'], value: string, longest: number): Comparison {
  return { how, value, longest: Token.isUnresolved(value) ? longest : value.length };
}

export function equal(value: string, longest: number): Comparison {
  return comparison('equals', value, longest);
}

/** Matches a request parameter that is one of these names or IDs. */
export function named(field: string, names: readonly string[], longest: number): NamedBy {
  return { parent: 'requestParameters', field, comparisons: names.map((name) => equal(name, longest)) };
}
