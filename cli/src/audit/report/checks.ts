import type { Check } from './check';
import { GRAVE_CHECKS } from './grave-checks';
import { UNUSUAL_CHECKS } from './unusual-checks';

/** All checks, in the order in which findings of the same severity are listed. */
export const CHECKS: readonly Check[] = [...GRAVE_CHECKS, ...UNUSUAL_CHECKS];

/** Queries that list what happened. Their rows are not findings. */
export const REFERENCES: readonly string[] = [
  'auditor-reads', 'custody',
  'egress-by-day', 'egress-by-model', 'egress-by-network', 'egress-by-principal', 'log-coverage',
];
