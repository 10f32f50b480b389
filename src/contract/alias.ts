import type { ErrorDetail } from './errors';
import { isName } from './names';

export const ALIAS_SCHEMA_VERSION = 1;

/** Content of `aliases/<alias>.json`. The S3 versions of the object are the history of the alias. */
export interface AliasPointer {
  readonly schemaVersion: typeof ALIAS_SCHEMA_VERSION;
  readonly model: string;
  readonly alias: string;
  readonly version: string;
  /** ISO 8601, UTC. */
  readonly updatedAt: string;
  readonly updatedBy: string;
  /** Reason for the move, as given by the caller. */
  readonly reason?: string;
  /** The version that the alias pointed to before. */
  readonly previousVersion?: string;
}

/**
 * Content of `aliases/<alias>.json` after the alias was removed. Nothing is deleted, so the history goes on, and shows
 * who removed the alias. To all readers, the alias does not exist.
 */
export interface RemovedAlias extends Omit<AliasPointer, 'version' | 'previousVersion'> {
  readonly removed: true;
  /** The version that the alias pointed to until then. */
  readonly previousVersion: string;
}

export type StoredAlias = AliasPointer | RemovedAlias;

export function isRemoved<Removed extends RemovedAlias>(stored: AliasPointer | Removed): stored is Removed {
  return 'removed' in stored;
}

/** When and by whom an alias was removed, for an error message. */
export function removalText({ updatedAt, updatedBy }: RemovedAlias): string {
  return `it was removed at ${updatedAt} by ${updatedBy}`;
}

/**
 * Validates an entry of the history of an alias: a pointer, or a removal. Returns all problems.
 */
export function storedAliasProblems(value: unknown, model: string, alias: string): ErrorDetail[] {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, 'removed')) {
    return aliasProblems(value, model, alias);
  }
  const { removed, version, previousVersion } = value as { readonly [key: string]: unknown };
  const problems = aliasProblems({ ...value, version: previousVersion }, model, alias)
    .map(({ field, message }) => ({ field: field === 'version' ? 'previousVersion' : field, message }));
  return [
    ...new Map(problems.map((problem) => [problem.field, problem])).values(),
    ...(removed === true ? [] : [{ field: 'removed', message: `is ${JSON.stringify(removed)}, not true` }]),
    ...(version === undefined ? [] : [{ field: 'version', message: 'belongs to no alias that was removed' }]),
  ];
}

/** Validates a pointer: its structure, and that it belongs to this model and alias. Returns all problems. */
export function aliasProblems(value: unknown, model: string, alias: string): ErrorDetail[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return [{ field: 'alias', message: 'is not a JSON object' }];
  }
  const pointer = value as { readonly [key: string]: unknown };
  const problems: ErrorDetail[] = [];
  for (const [field, expected] of Object.entries({ schemaVersion: ALIAS_SCHEMA_VERSION, model, alias })) {
    if (pointer[field] !== expected) {
      const found = JSON.stringify(pointer[field]) ?? 'missing';
      problems.push({ field, message: `is ${found}, not ${JSON.stringify(expected)}` });
    }
  }
  if (typeof pointer.version !== 'string' || !isName(pointer.version)) {
    const found = JSON.stringify(pointer.version) ?? 'missing';
    problems.push({ field: 'version', message: `is ${found}, which is not a valid version name` });
  }
  for (const field of ['updatedAt', 'updatedBy']) {
    if (typeof pointer[field] !== 'string') {
      problems.push({ field, message: 'is not a string' });
    }
  }
  for (const field of ['reason', 'previousVersion']) {
    if (pointer[field] !== undefined && typeof pointer[field] !== 'string') {
      problems.push({ field, message: 'is not a string' });
    }
  }
  return problems;
}
