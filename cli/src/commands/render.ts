import type { AliasResponse } from '../../../src/contract/wire';
import { type VerifyResult, verifySummary } from '../folder/verify';
import { formatBytes, formatCount, formatTable, printable, printableLine } from '../runtime/format';
import { type ModelListing, type Promoted, type Shown, totalBytes } from '../store/registry';
import type { PullResult } from '../transfer/pull';
import type { PushResult } from '../transfer/push';

export function pushed(result: PushResult): string {
  const name = `${result.model}@${result.version}`;
  const all = `${formatCount(result.files, 'file')}, ${formatBytes(result.bytes)}`;
  const sent = result.sentFiles === 0
    ? 'nothing sent' : `sent ${formatCount(result.sentFiles, 'file')}, ${formatBytes(result.sentBytes)}`;
  switch (result.outcome) {
    case 'published': return `published ${name}: ${all}; ${sent}\n`;
    case 'unchanged': return `${name} already exists with the same files: ${all}; ${sent}\n`;
    case 'dry-run': return formatTable(result.entries.map(({ size, sha256, path }) => [`${size}`, sha256, path]), [0])
      + `would publish ${name}: ${all}; nothing sent\n`;
  }
}

export function pulled(result: PullResult): string {
  const alias = result.reference === result.version ? '' : ` (${result.reference})`;
  const kept = result.keptFiles === 0
    ? '' : `; ${result.receivedFiles === 0 ? 'all' : formatCount(result.keptFiles, 'file')} already present`;
  const { length: removals } = result.removed;
  const removed = removals === 0 ? '' : `; removed ${formatCount(removals, 'file')} from earlier pulls`;
  return `pulled ${result.model}@${result.version}${alias} into ${printable(result.folder)}: `
    + `${formatCount(result.files, 'file')}, ${formatBytes(result.bytes)}, checksums verified`
    + `${kept}${removed}${otherFiles(result.otherFiles)}\n`;
}

function otherFiles({ count, fromEarlierPulls, more }: PullResult['otherFiles']): string {
  if (count === 0) {
    return more ? '; some subfolders could not be read' : '';
  }
  const known = Object.entries(fromEarlierPulls);
  const from = known.length === 1 && known[0][1] === count ? ` (from ${known[0][0]})`
    : known.length === 0 ? ''
      : ` (${known.map(([version, files]) => `${formatCount(files, 'file')} from ${version}`).join(', ')})`;
  return `; ${more ? 'more than ' : ''}${formatCount(count, 'other file')} in this folder${from}`;
}

export function versions({ versions: all }: ModelListing, header: boolean): string {
  return formatTable([
    ...(header ? [['VERSION', 'PUBLISHED', 'ALIASES']] : []),
    ...all.map(({ version, publishedAt, aliases }) => [version, publishedAt, aliases.join(' ')]),
  ]);
}

export function shown({ manifest, manifestSha256, signature, reference: { alias } }: Shown): string {
  const facts: string[][] = [
    ['model', manifest.model],
    ['version', manifest.version],
    ...(alias ? [['alias', `${alias.alias} (since ${alias.updatedAt}, by ${alias.updatedBy})`]] : []),
    ['created', manifest.createdAt],
    ['created by', manifest.createdBy],
    ...(manifest.base === undefined ? [] : [['base', manifest.base]]),
    ...Object.entries(manifest.metadata).map(([key, value]) => [key, value]),
    ['manifest', `sha256 ${manifestSha256}, ${signature === undefined ? 'not signed' : 'signed'}`],
    ['files', `${formatCount(manifest.files.length, 'file')}, ${formatBytes(totalBytes(manifest))}`],
  ];
  const files = manifest.files.map(({ size, sha256, path }) => [`${size}`, sha256, path]);
  return `${formatTable(facts)}\n${formatTable(files, [0])}`;
}

export function promoted(moved: Promoted): string {
  if (moved.outcome === 'unchanged') {
    const reason = moved.reason === undefined ? '' : `; its reason is still ${printable(JSON.stringify(moved.reason))}`;
    return `${moved.model}@${moved.alias} already points to ${moved.version} (since ${moved.updatedAt}). `
      + `Nothing changed${reason}.\n`;
  }
  const before = moved.previousVersion === undefined ? '' : ` (previously ${moved.previousVersion})`;
  const from = moved.from === undefined ? '' : `, the version that ${moved.from} points to`;
  return `${moved.model}@${moved.alias} is now ${moved.version}${from}${before}\n`;
}

export function history(moves: readonly AliasResponse[], header: boolean): string {
  return formatTable([
    ...(header ? [['WHEN', 'VERSION', 'BY', 'REASON']] : []),
    ...moves.map(({ updatedAt, version, updatedBy, reason }) => [updatedAt, version, updatedBy, reason ?? '']),
  ]);
}

export function verified(result: VerifyResult): string {
  return [
    ...result.changed.map(({ field, message }) => `changed  ${field}: ${message}`),
    ...result.missing.map((path) => `missing  ${path}`),
    ...result.extra.map((path) => `extra    ${path}`),
    ...result.ignored.map((path) => `ignored  ${path}: created by the operating system or Jupyter`),
    verifySummary(result),
  ].map((line) => `${printableLine(line)}\n`).join('');
}
