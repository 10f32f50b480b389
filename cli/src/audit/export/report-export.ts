import { exportFiles } from './export-files';
import { requirePlaceForExport, writeExport } from './export-folder';
import { kmsSigner, type Signer } from './kms-signer';
import { PUBLIC_KEY_FILE, SIGNATURE_FILE, SUMS_FILE } from './verify-text';
import type { Environment } from '../../runtime/environment';
import { sha256 } from '../report/evidence-files';
import type { Report } from '../report/report';

/** A folder that can be written, and who signs what is written to it. */
export interface PreparedExport {
  readonly folder: string;
  readonly signer?: Signer;
}

export interface WrittenExport {
  readonly folder: string;
  readonly files: number;
  /** Of the list of checksums, and so of everything in it. */
  readonly sha256: string;
  /** The ARN of the key. */
  readonly signedWith?: string;
}

export async function prepareExport(
  environment: Environment, folder: string, signWith: string | undefined,
): Promise<PreparedExport> {
  await requirePlaceForExport(folder);
  return { folder, ...(signWith !== undefined && { signer: await kmsSigner(environment, signWith) }) };
}

/** Writes the report with everything that it rests on, and signs it if requested. */
export async function writeReportExport(
  environment: Environment, { folder, signer }: PreparedExport, report: Report, page: string,
): Promise<WrittenExport> {
  const files: Map<string, string | Buffer> = new Map(exportFiles(report, page, signer?.key));
  const sums = Buffer.from(files.get(SUMS_FILE)!);
  if (signer) {
    files.set(SIGNATURE_FILE, await signer.sign(sums)).set(PUBLIC_KEY_FILE, signer.publicKey);
  }
  return {
    folder: await writeExport(folder, files, environment),
    files: files.size,
    sha256: sha256(sums),
    ...(signer && { signedWith: signer.key.arn }),
  };
}
