import { createHash } from 'node:crypto';
import type { EvidenceFile } from '../reader/file-digests';

export function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

/** A list as `sha256sum` prints and checks it, sorted by file. Files that could not be read are not in it. */
export function checksumList(files: readonly Pick<EvidenceFile, 'file' | 'sha256'>[]): string {
  const sorted = [...files].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0));
  return sorted.flatMap((each) => (each.sha256 === undefined ? [] : [line(each.sha256, each.file)])).join('');
}

/** A name with a line break or a backslash is escaped, and the line is marked with a backslash. */
function line(digest: string, file: string): string {
  const escaped = file.replace(/\\/g, '\\\\').replace(/\n/g, '\\n').replace(/\r/g, '\\r');
  return `${escaped === file ? '' : '\\'}${digest}  ${escaped}\n`;
}

export interface FilesOfDay {
  /** The day in the paths of the files; undefined if they have none. */
  readonly day?: string;
  readonly files: readonly EvidenceFile[];
  readonly bytes: number;
  /** Of the list of these files. */
  readonly sha256: string;
}

/** The files by day, in order; those without a day in their path last. */
export function filesByDay(files: readonly EvidenceFile[]): FilesOfDay[] {
  const days = new Map<string, EvidenceFile[]>();
  for (const file of files) {
    const day = file.day ?? '';
    const those = days.get(day);
    if (those) {
      those.push(file);
    } else {
      days.set(day, [file]);
    }
  }
  const order = (day: string) => (day === '' ? '9999-99-99' : day);
  return [...days].sort(([a], [b]) => (order(a) < order(b) ? -1 : 1)).map(([day, those]) => ({
    ...(day !== '' && { day }),
    files: those,
    bytes: those.reduce((all, { bytes }) => all + bytes, 0),
    sha256: sha256(checksumList(those)),
  }));
}
