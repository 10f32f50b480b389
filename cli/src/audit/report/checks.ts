import type { Check } from './check';
import { GRAVE_CHECKS } from './grave-checks';
import { UNUSUAL_CHECKS } from './unusual-checks';

/** Every question whose rows are worth a look, in the order in which they are told among equals. */
export const CHECKS: readonly Check[] = [...GRAVE_CHECKS, ...UNUSUAL_CHECKS];

/** Questions that tell what happened, not whether something is amiss. */
export const REFERENCES: readonly string[] = [
  'auditor-reads', 'custody', 'egress-by-day', 'egress-by-model', 'egress-by-network', 'egress-by-principal', 'evidence-by-day',
];
