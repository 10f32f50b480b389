import type { ImportedVersion, ImportOutcome, ImportResult } from '../import/import';
import { formatBytes, formatCount, formatTable, printable } from '../runtime/format';

const WORDS: { readonly [outcome in ImportOutcome]: string } = {
  imported: 'imported',
  'would-import': 'would import',
  unchanged: 'unchanged',
  'to-compare': 'would compare',
  failed: 'FAILED',
  'not-tried': 'not tried',
};

function row({ outcome, model, version, files, bytes, lastModified, from }: ImportedVersion): string[] {
  return [
    WORDS[outcome], `${model}@${version}`, lastModified ?? '', formatCount(files, 'file'), formatBytes(bytes), from,
  ];
}

function trouble({ model, version, error }: ImportedVersion): string[] {
  return error === undefined ? [] : [
    `${model}@${version} was not imported: ${error.message}`,
    ...error.details.map(({ field, message }) => `  ${field}: ${message}`),
    ...(error.hint === undefined ? [] : [`  ${error.hint}`]),
    `  (${error.code}${error.requestId === undefined ? '' : `, request id ${error.requestId}`})`,
  ];
}

function total({ versions }: ImportResult): string {
  const counts = Object.entries(WORDS).flatMap(([outcome, word]) => {
    const count = versions.filter((version) => version.outcome === outcome).length;
    return count === 0 ? [] : [`${count} ${word.toLowerCase()}`];
  });
  const sent = versions.reduce((sum, { sentBytes }) => sum + sentBytes, 0);
  const amount = sent === 0 ? 'nothing' : formatBytes(sent);
  return `${formatCount(versions.length, 'version')}: ${counts.join(', ')}; ${amount} sent`;
}

export function imported(result: ImportResult): string {
  return [formatTable(result.versions.map(row), [3, 4]), `${total(result)}\n`].join('');
}

/** Failures and skipped items, for standard error. */
export function importNotes({ versions, leftOut, leftOutCount }: ImportResult): string[] {
  return [
    ...leftOut.map(({ address, why }) => `skipped: ${address} ${why}`),
    ...(leftOutCount > leftOut.length ? [`skipped: ${formatCount(leftOutCount - leftOut.length, 'more item')}`] : []),
    ...versions.flatMap(trouble),
  ].map(printable);
}
