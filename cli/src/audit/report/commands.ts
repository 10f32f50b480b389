import type { Finding, ReportInput } from './finding';

type Evidence = Pick<ReportInput, 'days' | 'sources' | 'of'>;

/** An argument as a shell reads it. */
function word(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replace(/'/g, '\'\\\'\'')}'`;
}

function options(sources: Evidence['sources']): string[] {
  return sources.map(({ option, place }) => `${option} ${word(place)}`);
}

const period = ({ days }: Evidence) => `--from ${days.from} --to ${days.to}`;

/** The command that runs one query again on the same evidence. */
export function commandFor(evidence: Evidence, query: string): string {
  const narrowed = evidence.of !== undefined && query === 'custody' ? [`--of ${word(evidence.of)}`] : [];
  return ['model-store audit query', query, ...options(evidence.sources), period(evidence), ...narrowed].join(' ');
}

/** The command that verifies the trail from the same place. A folder has no published keys. */
export function verifyCommand(evidence: Evidence): string {
  const places = evidence.sources.filter(({ option }) => ['--store', '--region', '--logs'].includes(option));
  const isFolder = places.some(({ option, place }) => option === '--logs' && !place.startsWith('s3://'));
  return [
    'model-store audit verify-trail', ...options(places), ...(isFolder ? ['--public-keys FILE'] : []), period(evidence),
  ].join(' ');
}

/** The command that shows more about a finding. */
export function moreAbout(evidence: Evidence, { query, id }: Finding): string {
  return commandFor(evidence, query ?? (['unknown-sizes', 'unchecked-principals'].includes(id)
    ? 'egress-by-principal' : 'log-coverage'));
}

/** The command or the line of settings that makes a check possible, if one does. */
export function exampleOf(
  evidence: Evidence, { query, remedy }: Pick<Finding, 'query' | 'remedy'>,
): string | undefined {
  return remedy?.options !== undefined && query !== undefined
    ? `${commandFor(evidence, query)} ${remedy.options}` : remedy?.example;
}
