import { readFile } from 'node:fs/promises';
import { describeFault } from '../describe-fault';
import { usageFailure } from '../failure';
import type { Variables } from './proxies';

export const AUTHORITY_SETTINGS = 'AWS_CA_BUNDLE, ca_bundle in the AWS profile, SSL_CERT_FILE or NODE_EXTRA_CA_CERTS';

/** The first setting that replaces the authorities of Node.js, in the order of the AWS CLI. */
async function namedBundle(
  variables: Variables,
  caBundleOfProfile: () => Promise<string | undefined>,
): Promise<[string, string] | undefined> {
  if (variables.AWS_CA_BUNDLE) {
    return ['AWS_CA_BUNDLE', variables.AWS_CA_BUNDLE];
  }
  const ofProfile = await caBundleOfProfile();
  if (ofProfile) {
    return ['ca_bundle of the AWS profile', ofProfile];
  }
  return variables.SSL_CERT_FILE ? ['SSL_CERT_FILE', variables.SSL_CERT_FILE] : undefined;
}

/**
 * The PEM certificates of the trusted authorities; undefined for the list of Node.js. NODE_EXTRA_CA_CERTS adds to any
 * list; Node.js adds it only to its own.
 */
export async function trustedAuthorities(
  variables: Variables,
  caBundleOfProfile: () => Promise<string | undefined>,
): Promise<string[] | undefined> {
  const named = await namedBundle(variables, caBundleOfProfile);
  if (named === undefined) {
    return undefined;
  }
  const bundle = await readBundle(...named);
  const extra = variables.NODE_EXTRA_CA_CERTS;
  return extra ? [bundle, await readBundle('NODE_EXTRA_CA_CERTS', extra)] : [bundle];
}

async function readBundle(setting: string, path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw usageFailure(`cannot read the certificates that ${setting} names`, [
      { field: path, message: describeFault(error) },
    ]);
  });
  if (!text.includes('-----BEGIN CERTIFICATE-----')) {
    throw usageFailure(
      `the file that ${setting} names contains no certificate`,
      [{ field: path, message: 'has no "-----BEGIN CERTIFICATE-----"' }],
      'It must be a PEM file with at least one certificate.',
    );
  }
  return text;
}
