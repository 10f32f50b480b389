import * as fs from 'node:fs';
import * as https from 'node:https';
import type { Credentials, LocalAwsAddress } from './environment';

/** Settings with which any AWS SDK client connects only to the local AWS. */
export function clientConfiguration(localAws: LocalAwsAddress & { readonly authorityFile: string }, credentials: Credentials) {
  return {
    endpoint: localAws.endpoint,
    region: localAws.region,
    credentials,
    maxAttempts: 1,
    requestHandler: { httpsAgent: new https.Agent({ ca: fs.readFileSync(localAws.authorityFile), keepAlive: true }) },
  };
}
