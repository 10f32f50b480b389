import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Certified } from '../loopback-server';

/**
 * A private certificate authority, such as companies use for internal domains and for proxies that inspect TLS.
 */
export class PrivateAuthority {
  readonly folder = mkdtempSync(join(tmpdir(), 'authority-'));
  /** PEM. */
  readonly certificateFile = join(this.folder, 'authority.pem');
  private readonly keyFile = join(this.folder, 'authority.key');

  constructor() {
    this.openssl(
      'req',
      '-x509',
      ...NEW_KEY,
      '-keyout',
      this.keyFile,
      '-out',
      this.certificateFile,
      '-days',
      '2',
      '-subj',
      '/CN=Private Authority',
      '-addext',
      'basicConstraints=critical,CA:TRUE',
      '-addext',
      'keyUsage=critical,keyCertSign,cRLSign',
    );
  }

  /** A certificate for host names; with negative `days`, it has already expired. */
  certify(names: readonly string[], days = 1): Certified {
    const [key, request, certificate, extensions] = ['key', 'csr', 'pem', 'ext'].map((type) =>
      join(this.folder, `server.${type}`),
    );
    writeFileSync(extensions, `subjectAltName=${names.map((name) => `DNS:${name}`).join(',')}\n`);
    this.openssl('req', ...NEW_KEY, '-keyout', key, '-out', request, '-subj', `/CN=${names[0]}`);
    this.openssl(
      'x509',
      '-req',
      '-in',
      request,
      '-CA',
      this.certificateFile,
      '-CAkey',
      this.keyFile,
      '-CAcreateserial',
      '-out',
      certificate,
      '-extfile',
      extensions,
      '-days',
      `${days}`,
    );
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(certificate, 'utf8') };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private openssl(...argv: string[]): void {
    execFileSync('openssl', argv, { stdio: 'pipe' });
  }
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
