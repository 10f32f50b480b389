import { Agent } from 'node:https';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { STSClient } from '@aws-sdk/client-sts';
import { requireEnv } from '../common/environment';

/** Maximum number of concurrent requests to S3 when every file of a version is checked. */
export const MAX_IN_FLIGHT = 100;

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

// All clients share one connection pool: a client is created for every session, and a TLS handshake for each would take
// longer than the request itself.
const httpsAgent = new Agent({ keepAlive: true, maxSockets: MAX_IN_FLIGHT });

// The long timeout is for CompleteMultipartUpload.
const shared = {
  requestHandler: { connectionTimeout: 2_000, requestTimeout: 25_000, throwOnRequestTimeout: true, httpsAgent },
  maxAttempts: 3,
} as const;

let sts: STSClient | undefined;

/** The only client that uses the execution role of the function, which may only assume the session role. */
export function stsClient(): STSClient {
  // Lambda provides the credentials in the environment; no other source is used.
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
    // Custom endpoints may have no DNS names for virtual-hosted-style requests.
    forcePathStyle: Boolean(process.env.AWS_ENDPOINT_URL_S3 || process.env.AWS_ENDPOINT_URL),
    // The store uses SHA-256. By default, the SDK would sign a CRC32 into presigned URLs, which no client could match.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
}

export function kmsClient(credentials: Credentials): KMSClient {
  return new KMSClient({ ...shared, credentials });
}
