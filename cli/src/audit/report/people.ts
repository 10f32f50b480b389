import { NAMELESS } from './figures';
import type { Cell } from '../database/query-result';
import type { AuditSettings } from '../database/settings';

/** A principal as people call it. */
export interface Person {
  /** The name of the person or session. */
  readonly name: string;
  /** What the role of the session is for, or else its name; undefined if the principal has no role. */
  readonly role?: string;
  /** The principal as in the result of the query, if it says more than name and role. */
  readonly identifier?: string;
}

/** The kinds of roles in the settings. A role that calls the API is described by its own name. */
const KINDS: readonly (readonly [setting: string, words: string])[] = [
  ['auditor_role_arns', 'auditor'],
  ['direct_role_arns', 'batch job'],
  ['deployment_role_arns', 'deployment'],
  ['function_role_arns', 'the store itself'],
  ['session_role_arns', 'user of the store'],
];

/** The parts of names that the store gives to the roles that call its API. */
const CALLERS: readonly (readonly [part: RegExp, words: string])[] = [
  [/DataScientist/i, 'data scientist'], [/Pipeline/i, 'pipeline'], [/Auditor/i, 'auditor'],
];

const ASSUMED_ROLE = /^arn:[^:]+:sts::\d*:assumed-role\/([^/]+)\/(.+)$/;
const ROLE_AND_SESSION = /^([\w+.@-]+)=(.+)$/;
const ROOT = /^arn:[^:]+:iam::\d*:root$/;

/** Names that stand for more than one caller. */
const SHARED: ReadonlyMap<string, string> = new Map([
  ['ANONYMOUS_PRINCIPAL', 'anonymous callers'], ['*', 'sessions counted as one'],
]);

export function personOf(cell: Cell, { row }: AuditSettings): Person {
  const { name, role, identifier } = parts(cell);
  const words = role === undefined ? undefined : wordsFor(role, row);
  const isSaid = identifier === name || identifier === `${words}=${name}`;
  return { name, ...(words !== undefined && { role: words }), ...(!isSaid && { identifier }) };
}

const LONGEST_ROLE = 32;

/** The name with the role, for sentences and charts: the caller chose the name of a session, and the role limits it. */
export function labelOf(cell: Cell, settings: AuditSettings): string {
  const { name, role } = personOf(cell, settings);
  return role === undefined ? name
    : `${name} (${role.length > LONGEST_ROLE ? `${role.slice(0, LONGEST_ROLE)}…` : role})`;
}

/** A label for each principal. Those that would have the same one keep their identifier. */
export function distinctLabels(identifiers: readonly string[], settings: AuditSettings): string[] {
  const labels = identifiers.map((identifier) => labelOf(identifier, settings));
  const times = new Map<string, number>();
  labels.forEach((label) => times.set(label, (times.get(label) ?? 0) + 1));
  return labels.map((label, index) => (times.get(label)! > 1 ? identifiers[index] : label));
}

function parts(cell: Cell): { readonly name: string; readonly role?: string; readonly identifier: string } {
  const identifier = cell === null ? NAMELESS : String(cell);
  if (ROOT.test(identifier)) {
    return { name: 'root user', identifier };
  }
  const [, role, name = identifier] = ASSUMED_ROLE.exec(identifier) ?? ROLE_AND_SESSION.exec(identifier) ?? [];
  return { name: SHARED.get(name) ?? name, role, identifier };
}

function wordsFor(role: string, row: AuditSettings['row']): string {
  const isIn = (setting: string) => String(row[setting] ?? '').split(',').some((arn) => arn.endsWith(`/${role}`));
  const kind = KINDS.find(([setting]) => isIn(setting));
  const caller = isIn('caller_role_arns') ? CALLERS.find(([part]) => part.test(role)) : undefined;
  return (kind ?? caller)?.[1] ?? role;
}
