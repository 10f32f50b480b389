import { COPIES_AND_WAYS_ROUND } from './copies-and-ways-round';
import { DISGUISES } from './disguises';
import { EVIDENCE_AND_WRITES } from './evidence-and-writes';
import { LINKS_AND_NETWORKS } from './links-and-networks';
import type { Scenario } from './scenario';
import { TAMPERING } from './tampering';
import { VOLUME } from './volume';

export { isOf, names, type Scenario } from './scenario';

export const SCENARIOS: readonly Scenario[] = [
  ...VOLUME, ...LINKS_AND_NETWORKS, ...COPIES_AND_WAYS_ROUND, ...EVIDENCE_AND_WRITES, ...DISGUISES, ...TAMPERING,
];
