import { count, digits } from './figures';
import type { Finding, Guidance } from './finding';
import { MARKS } from './marks';
import { distinctLabels } from './people';
import type { Report } from './report';

/** What a reader of a report with grave findings should know first. */
export interface FirstSteps {
  readonly severity: Finding['severity'];
  /** What this severity means. */
  readonly meaning: string;
  /** What to do about the first finding. */
  readonly guidance?: Guidance;
  /** Who is named in several of the most severe findings. */
  readonly namedMost?: string;
}

/** Undefined if nothing was found, or only notices. */
export function firstSteps({ findings, settings }: Report): FirstSteps | undefined {
  const found = findings.filter(({ state }) => state === 'found');
  if (found.length === 0 || found[0].severity === 'notice') {
    return undefined;
  }
  const { guidance, severity } = found[0];
  return {
    severity,
    meaning: MARKS.find(([mark]) => mark === severity)![1],
    guidance,
    namedMost: namedMost(found.filter((finding) => finding.severity === severity), severity, settings),
  };
}

const NAMES_SHOWN = 3;

function namedMost(
  findings: readonly Finding[], severity: Finding['severity'], settings: Report['settings'],
): string | undefined {
  const times = new Map<string, number>();
  findings.flatMap(({ principals }) => principals)
    .forEach((principal) => times.set(principal, (times.get(principal) ?? 0) + 1));
  const several = [...times].filter(([, number]) => number > 1).sort(([, a], [, b]) => b - a);
  const labels = distinctLabels(several.map(([principal]) => principal), settings);
  const names = several.slice(0, NAMES_SHOWN).map(([, number], index) =>
    `${labels[index]} in ${digits(number)}${index === 0 ? ` ${severity} findings` : ''}`).join(', ');
  const more = several.length - NAMES_SHOWN;
  return names === '' ? undefined : `${names}${more > 0 ? `, and ${count(more, 'other')} in 2 or more` : ''}`;
}
