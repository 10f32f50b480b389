import type { ErrorDetail } from './errors';
import { isName } from './names';

export const ALIAS_SCHEMA_VERSION = 1;

/** What is stored as `aliases/<alias>.json`; its S3 versions are the alias's history. */
export interface AliasPointer {
  readonly schemaVersion: typeof ALIAS_SCHEMA_VERSION;
  readonly model: string;
  readonly alias: string;
  readonly version: string;
  /** ISO 8601, UTC. */
  readonly updatedAt: string;
  readonly updatedBy: string;
  /** Why it moved, in the words of the one who moved it. */
  readonly reason?: string;
  /** The version it pointed to before. */
  readonly previousVersion?: string;
}

/** What keeps something that was read from being the pointer of an alias: its form, and which alias it says to be. */
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
    problems.push({ field: 'version', message: `is ${found}, which is not a version name` });
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
