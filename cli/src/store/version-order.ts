import type { VersionSummary } from '../../../src/contract/wire';

const natural = new Intl.Collator('en', { numeric: true });

/**
 * Newest first, as in `history`. Versions published in the same second are in descending natural order: 1.0.10, 1.0.9.
 */
export function newestFirst<Version extends VersionSummary>(versions: readonly Version[]): Version[] {
  return [...versions].sort((a, b) => (
    Date.parse(b.publishedAt) - Date.parse(a.publishedAt)
    || natural.compare(b.version, a.version) || (a.version < b.version ? 1 : -1)));
}
