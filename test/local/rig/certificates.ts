import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { withLock } from './lock';
import { CERTIFICATES_FOLDER, LOCAL_AWS_FOLDER } from './paths';
import { runCommand } from './run-command';

const HOST_NAMES = ['localhost', '*.localhost', '*.execute-api.localhost', '*.s3.localhost', '*.s3.us-east-1.localhost'];
const DAYS_VALID = 90;
const DAYS_TO_SPARE = 7;
const DAY_MS = 24 * 60 * 60 * 1000;

export interface Certificates {
  /** The authority that clients must trust. */
  readonly authorityFile: string;
  readonly certificateFile: string;
  readonly keyFile: string;
}

/** A certificate for the local host names, and its authority; renewed a week before they expire. */
export async function ensureCertificates(python: string): Promise<Certificates> {
  const certificates: Certificates = {
    authorityFile: path.join(CERTIFICATES_FOLDER, 'authority.pem'),
    certificateFile: path.join(CERTIFICATES_FOLDER, 'certificate.pem'),
    keyFile: path.join(CERTIFICATES_FOLDER, 'key.pem'),
  };
  await withLock(path.join(LOCAL_AWS_FOLDER, 'certificates.lock'), async () => {
    if (!areGood(certificates)) {
      await make(python);
    }
  });
  return certificates;
}

function areGood(certificates: Certificates): boolean {
  if (!Object.values(certificates).every((file: string) => fs.existsSync(file))) {
    return false;
  }
  const authority = new crypto.X509Certificate(fs.readFileSync(certificates.authorityFile));
  const leaf = new crypto.X509Certificate(fs.readFileSync(certificates.certificateFile));
  const names = leaf.subjectAltName ?? '';
  return leaf.verify(authority.publicKey)
    && leaf.checkPrivateKey(crypto.createPrivateKey(fs.readFileSync(certificates.keyFile)))
    && HOST_NAMES.every((name) => names.includes(`DNS:${name}`))
    && [authority, leaf].every(({ validTo }) => Date.parse(validTo) - Date.now() > DAYS_TO_SPARE * DAY_MS);
}

async function make(python: string): Promise<void> {
  fs.mkdirSync(CERTIFICATES_FOLDER, { recursive: true, mode: 0o700 });
  await runCommand(python, [path.join(__dirname, 'make_certificates.py'), CERTIFICATES_FOLDER, String(DAYS_VALID), ...HOST_NAMES]);
}
