import type { Command } from 'commander';
import { answer, examples, type Run } from './context';
import { signatureOf, WHO_CHECKS } from './show';
import { quotedText, visibleText } from '../../../src/contract/visible-text';
import { shortFingerprint } from '../folder/public-key';
import { EXIT } from '../runtime/failure';
import { formatBytes, formatCount, formatTable } from '../runtime/format';
import { parseReference } from '../store/reference';
import { show, type Shown } from '../store/registry';
import { type ChangedValue, diffOf, type FileChanges, type VersionDiff } from '../store/version-diff';

const EXIT_CODES = `
Exit codes: ${EXIT.OK} if files, metadata and base are the same · ${EXIT.FINDINGS} if they differ
`;

export function addDiff(program: Command, run: Run): void {
  program.command('diff')
    .description('show what differs between two versions: files, sizes, metadata and base')
    .argument('<model@version|alias>', 'version to compare')
    .argument('<model@version|alias>', 'version to compare it with; may be of another model')
    .addHelpText('after', EXIT_CODES + examples(
      'model-store diff fraud@1.3.0 fraud@1.4.0',
      'model-store diff fraud@production fraud@staging',
      'model-store diff fraud@1.4.0 fraud-eu@1.0.0 --json',
    ))
    .action(async (first: string, second: string, _options: object, command: Command) =>
      run(command, async (context) => {
        const references = [first, second].map((text) => parseReference(text, 'version or alias'));
        const client = await context.client();
        const [before, after] = [await show(client, references[0]), await show(client, references[1])];
        const diff = diffOf(before.manifest, after.manifest);
        answer(context, { before: about(before), after: about(after), ...diff }, () => report(before, after, diff));
        return diff.same ? EXIT.OK : EXIT.FINDINGS;
      }));
}

function about({ manifest, manifestSha256, signature, reference: { alias } }: Shown): object {
  const { model, version, createdAt, createdBy, files } = manifest;
  return {
    model,
    version,
    ...(alias && { alias: alias.alias }),
    createdAt,
    createdBy,
    files: files.length,
    manifestSha256,
    signature: signature === undefined ? { state: 'unsigned' } : { state: 'not-checked', reason: WHO_CHECKS },
  };
}

function report(before: Shown, after: Shown, diff: VersionDiff): string {
  const { files: { unchanged }, bytes } = diff;
  const sizeOf = ({ manifest }: Shown, size: number) =>
    `${formatCount(manifest.files.length, 'file')}, ${formatBytes(size)}`;
  return [
    `${nameOf(before)} -> ${nameOf(after)}\n`,
    formatTable([...fileRows(diff.files), ...valueRows(diff)]),
    diff.same ? 'no difference in files, metadata and base\n' : '',
    formatTable([
      ['unchanged', formatCount(unchanged, 'file')],
      ['total', `${sizeOf(before, bytes.before)} -> ${sizeOf(after, bytes.after)}`],
      ['signatures', [...new Set([before, after].map(signatureOf))].join(' -> ')],
    ]),
  ].join('');
}

function nameOf({ manifest: { model, version }, reference: { alias } }: Shown): string {
  return visibleText(`${model}@${version}${alias === undefined ? '' : ` (${alias.alias})`}`);
}

function fileRows({ added, removed, changed, renamed }: FileChanges): string[][] {
  return [
    ...added.map(({ path, size }) => ['added', path, formatBytes(size)]),
    ...removed.map(({ path, size }) => ['removed', path, formatBytes(size)]),
    ...changed.map(({ path, before, after }) => [
      'changed',
      path,
      [...new Set([before.size, after.size])].map(formatBytes).join(' -> '),
      `sha256 ${shortFingerprint(before.sha256)} -> ${shortFingerprint(after.sha256)}`,
    ]),
    ...renamed.map(({ from, to, size }) => ['renamed', to, formatBytes(size), `from ${from}`]),
  ];
}

function valueRows({ metadata, base }: VersionDiff): string[][] {
  return [
    ...metadata.map(({ key, ...change }) => ['metadata', key, changeOf(change)]),
    ...(base === undefined ? [] : [['base', '', changeOf(base)]]),
  ];
}

function changeOf({ before, after }: ChangedValue): string {
  const shown = (value: string | undefined) => (value === undefined ? 'none' : quotedText(value));
  return `${shown(before)} -> ${shown(after)}`;
}
