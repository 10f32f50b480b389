import type { ErrorDetail } from '../../../src/contract/errors';
import { MAX_METADATA_ENTRIES, MAX_METADATA_VALUE_LENGTH } from '../../../src/contract/limits';
import type { Metadata } from '../../../src/contract/manifest';
import { METADATA_KEY_PATTERN } from '../../../src/contract/schemas';
import { usageFailure } from '../runtime/failure';
import { shortened } from '../runtime/format';

const KEY = new RegExp(METADATA_KEY_PATTERN);

/** Parses repeated `KEY=VALUE` options and reports all problems at once. The command adds `own` entries itself. */
export function parseMetadata(entries: readonly string[] = [], own = 0): Metadata {
  const problems: ErrorDetail[] = [];
  const say = (field: string, message: string) => problems.push({ field, message });
  const metadata = new Map<string, string>();
  const twice = new Set<string>();
  for (const entry of entries) {
    const equals = entry.indexOf('=');
    const key = entry.slice(0, Math.max(0, equals));
    if (equals < 1) {
      say('--metadata', `${shortened(entry)} is not KEY=VALUE`);
    } else if (!KEY.test(key)) {
      const rule = 'start with a letter or a digit, and use only letters, digits and ._:/-';
      say('--metadata', `${shortened(key)} is not a valid key: ${rule}`);
    } else if (metadata.has(key)) {
      twice.add(key);
    } else {
      metadata.set(key, entry.slice(equals + 1));
    }
  }
  twice.forEach((key) => say(`--metadata ${key}`, 'is given twice'));
  for (const [key, { length }] of metadata) {
    if (length > MAX_METADATA_VALUE_LENGTH) {
      say(`--metadata ${key}`, `has ${length} characters; a value can have at most ${MAX_METADATA_VALUE_LENGTH}`);
    }
  }
  if (metadata.size > MAX_METADATA_ENTRIES - own) {
    const most = MAX_METADATA_ENTRIES - own;
    say('--metadata', `is given ${metadata.size} times; a version can have at most ${most} entries`);
  }
  if (problems.length > 0) {
    throw usageFailure('invalid metadata', problems);
  }
  return Object.fromEntries(metadata);
}
