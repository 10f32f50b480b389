import { MonthOfEvidence } from './month-of-evidence';
import { openSessions } from './opened-sessions';
import { addOrdinaryOddities } from './ordinary-oddities';
import { SCENARIOS } from './scenarios';

const EVENTS = 20_000;
const SEED = 1;

export function honestMonth(seed = SEED): MonthOfEvidence {
  const month = new MonthOfEvidence(seed, EVENTS);
  addOrdinaryOddities(month);
  return month;
}

export function plantedMonth(seed = SEED): MonthOfEvidence {
  const month = honestMonth(seed);
  SCENARIOS.forEach(({ plant }) => plant(month));
  openSessions(month);
  return month;
}
