import { COPIES_AND_WAYS_ROUND } from './copies-and-ways-round';
import { DISGUISES } from './disguises';
import { EVIDENCE_AND_LOOKUPS } from './evidence-and-lookups';
import { EVIDENCE_AND_WRITES } from './evidence-and-writes';
import { LINKS_AND_NETWORKS } from './links-and-networks';
import { PATHS_OUT } from './paths-out';
import { PROMOTIONS } from './promotions';
import type { Scenario } from './scenario';
import { TAMPERING } from './tampering';
import { VOLUME } from './volume';

export { isOf, names, type Scenario } from './scenario';

export const SCENARIOS: readonly Scenario[] = [
  ...VOLUME, ...LINKS_AND_NETWORKS, ...COPIES_AND_WAYS_ROUND, ...PATHS_OUT, ...EVIDENCE_AND_WRITES, ...EVIDENCE_AND_LOOKUPS,
  ...PROMOTIONS, ...DISGUISES, ...TAMPERING,
];
