import { Agent } from 'node:https';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { STSClient } from '@aws-sdk/client-sts';
import { requireEnv } from '../common/environment';

/** Requests to S3 in flight at once, when every file of a version is looked at. */
export const MAX_IN_FLIGHT = 100;

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

// One pool of connections for all clients: a client is made for every session, and a TLS handshake for each would cost
// more than the request.
const httpsAgent = new Agent({ keepAlive: true, maxSockets: MAX_IN_FLIGHT });

// CompleteMultipartUpload may take long to answer.
const shared = {
  requestHandler: { connectionTimeout: 2_000, requestTimeout: 25_000, throwOnRequestTimeout: true, httpsAgent },
  maxAttempts: 3,
} as const;

let sts: STSClient | undefined;

/** The only client with the function's own rights, which are to assume its session role. */
export function stsClient(): STSClient {
  // Lambda gives a function its credentials in the environment; no other source is looked for.
  sts ??= new STSClient({
    ...shared,
    credentials: async () => ({
      accessKeyId: requireEnv('AWS_ACCESS_KEY_ID'),
      secretAccessKey: requireEnv('AWS_SECRET_ACCESS_KEY'),
      sessionToken: process.env.AWS_SESSION_TOKEN,
    }),
  });
  return sts;
}

export function s3Client(credentials: Credentials): S3Client {
  return new S3Client({
    ...shared,
    credentials,
    // An endpoint of one's own has no name for every bucket.
    forcePathStyle: Boolean(process.env.AWS_ENDPOINT_URL_S3 || process.env.AWS_ENDPOINT_URL),
    // The store's checksum is SHA-256; the SDK's CRC32 would be signed into links that a client could not satisfy.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
}

export function kmsClient(credentials: Credentials): KMSClient {
  return new KMSClient({ ...shared, credentials });
}
