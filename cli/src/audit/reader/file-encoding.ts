import { StringDecoder } from 'node:string_decoder';
import type { SkipReason } from './skip-reasons';

/** The first bytes of files that are refused, and where they are. */
const SIGNATURES: readonly (readonly [SkipReason, bytes: Buffer, at?: number])[] = [
  ['zip', Buffer.from('PK\x03\x04', 'latin1')],
  ['zip', Buffer.from('PK\x05\x06', 'latin1')],
  ['tar', Buffer.from('ustar', 'latin1'), 257],
  ['bzip2', Buffer.from('BZh', 'latin1')],
  ['xz', Buffer.from('\xfd7zXZ\x00', 'latin1')],
  ['zstd', Buffer.from('\x28\xb5\x2f\xfd', 'latin1')],
  ['7z', Buffer.from('7z\xbc\xaf\x27\x1c', 'latin1')],
  ['parquet', Buffer.from('PAR1', 'latin1')],
  ['orc', Buffer.from('ORC', 'latin1')],
  ['avro', Buffer.from('Obj\x01', 'latin1')],
];

/** The kind of a file that is refused, from its first bytes. */
export function refusedKind(head: Buffer): SkipReason | undefined {
  return SIGNATURES.find(([, bytes, at = 0]) => head.subarray(at, at + bytes.length).equals(bytes))?.[0];
}

export interface TextDecoding {
  write(bytes: Buffer): string;
  end(): string;
}

/** Decodes text as its first bytes say: UTF-8, or UTF-16 as spreadsheets and PowerShell write it. */
export function decodingOf(head: Buffer): TextDecoding {
  const [first, second] = head;
  if ((first === 0xff && second === 0xfe) || (second === 0 && isAscii(first))) {
    return new StringDecoder('utf16le');
  }
  if ((first === 0xfe && second === 0xff) || (first === 0 && isAscii(second))) {
    const decoder = new TextDecoder('utf-16be');
    return { write: (bytes) => decoder.decode(bytes, { stream: true }), end: () => decoder.decode() };
  }
  return new StringDecoder('utf8');
}

function isAscii(code: number | undefined): boolean {
  return code !== undefined && code >= 0x20 && code < 0x7f;
}
