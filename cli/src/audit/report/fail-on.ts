import type { Severity } from './check';
import { UNPROVED } from './evidence-findings';
import type { Finding } from './finding';

/** The most severe first. */
export const SEVERITIES: readonly Severity[] = ['high', 'medium', 'notice'];

export interface Failing {
  readonly found: readonly Finding[];
  readonly unknown: readonly Finding[];
}

/**
 * The findings of a severity or a higher one, and the checks of such a severity that were not possible. The signatures
 * of the trail are left out: no report checks them.
 */
export function failing(findings: readonly Finding[], severity: Severity): Failing {
  const wanted = SEVERITIES.slice(0, SEVERITIES.indexOf(severity) + 1);
  const those = findings.filter((finding) => wanted.includes(finding.severity) && finding.id !== UNPROVED);
  return {
    found: those.filter(({ state }) => state === 'found'),
    unknown: those.filter(({ state }) => state === 'unknown'),
  };
}
