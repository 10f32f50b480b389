import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as selfsigned from 'selfsigned';
import { withLock } from './lock';
import { CERTIFICATES_FOLDER, LOCAL_AWS_FOLDER } from './paths';

const HOST_NAMES = ['localhost', '*.localhost', '*.execute-api.localhost', '*.s3.localhost', '*.s3.us-east-1.localhost'];
const DAYS_VALID = 90;
const DAYS_TO_SPARE = 7;
const DAY_MS = 24 * 60 * 60 * 1000;

export interface Certificates {
  /** The authority that clients are to trust. */
  readonly authorityFile: string;
  readonly certificateFile: string;
  readonly keyFile: string;
}

/** A certificate for this machine's own names, and the authority behind it; made anew a week before they expire. */
export async function ensureCertificates(): Promise<Certificates> {
  const certificates: Certificates = {
    authorityFile: path.join(CERTIFICATES_FOLDER, 'authority.pem'),
    certificateFile: path.join(CERTIFICATES_FOLDER, 'certificate.pem'),
    keyFile: path.join(CERTIFICATES_FOLDER, 'key.pem'),
  };
  await withLock(path.join(LOCAL_AWS_FOLDER, 'certificates.lock'), async () => {
    if (!areGood(certificates)) {
      await make(certificates);
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

async function make(certificates: Certificates): Promise<void> {
  // An hour back: clocks of virtual machines and containers drift.
  const notBeforeDate = new Date(Date.now() - 60 * 60 * 1000);
  const notAfterDate = new Date(Date.now() + DAYS_VALID * DAY_MS);
  const common = { keyType: 'rsa', keySize: 2048, algorithm: 'sha256', notBeforeDate, notAfterDate } as const;

  const authority = await selfsigned.generate([{ name: 'commonName', value: 'Local AWS of a model store (this machine only)' }], {
    ...common,
    extensions: [
      { name: 'basicConstraints', cA: true, pathLenConstraint: 0, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  const leaf = await selfsigned.generate([{ name: 'commonName', value: 'localhost' }], {
    ...common,
    ca: { key: authority.private, cert: authority.cert },
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [...HOST_NAMES.map((value) => ({ type: 2 as const, value })), { type: 7, ip: '127.0.0.1' }, { type: 7, ip: '::1' }],
      },
    ],
  });

  // The authority's key is never written: nobody can sign a second certificate that clients of this rig would trust.
  fs.mkdirSync(CERTIFICATES_FOLDER, { recursive: true, mode: 0o700 });
  fs.writeFileSync(certificates.authorityFile, authority.cert);
  fs.writeFileSync(certificates.certificateFile, leaf.cert);
  fs.writeFileSync(certificates.keyFile, leaf.private, { mode: 0o600 });
}
