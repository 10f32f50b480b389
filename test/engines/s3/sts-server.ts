import * as fs from 'node:fs';
import * as https from 'node:https';
import type { AddressInfo } from 'node:net';
import { REGION, type FunctionIdentity } from './engine';
import { verifySignature } from '../function-host/signature-v4';

/** The parameters of an AssumeRole request with a valid signature. */
export type OpenSession = (function_: FunctionIdentity, asked: URLSearchParams) => Promise<StsAnswer>;

export interface StsAnswer {
  readonly status: number;
  readonly xml: string;
}

export interface StsServer {
  readonly endpoint: string;
  close(): Promise<void>;
}

export interface StsServerOptions {
  readonly certificateFile: string;
  readonly keyFile: string;
  /** Each can assume only its own session role. */
  readonly functions: readonly FunctionIdentity[];
  readonly open: OpenSession;
}

const NAMESPACE = 'xmlns="https://sts.amazonaws.com/doc/2011-06-15/"';

/** The STS endpoint: one action, verified signatures, each function in its own role. `open` creates the session. */
export async function startStsServer({
  certificateFile,
  keyFile,
  functions,
  open,
}: StsServerOptions): Promise<StsServer> {
  const server = https.createServer({ cert: fs.readFileSync(certificateFile), key: fs.readFileSync(keyFile) });
  const decide = async (
    incoming: { method?: string; url?: string; headers: NodeJS.Dict<string | string[]> },
    body: Buffer,
  ): Promise<StsAnswer> => {
    const verdict = verifySignature(
      { method: incoming.method!, target: incoming.url!, headers: incoming.headers, body },
      'sts',
      REGION,
      functions,
    );
    if ('refused' in verdict) {
      return stsFailure(403, verdict.refused === 'unknown-key' ? 'InvalidClientTokenId' : 'SignatureDoesNotMatch');
    }
    const asked = new URLSearchParams(body.toString('utf8'));
    return asked.get('Action') === 'AssumeRole' && asked.get('RoleArn') === verdict.signer.sessionRoleArn
      ? open(verdict.signer, asked)
      : stsFailure(403, 'AccessDenied');
  };
  server.on('request', (incoming, response) => {
    const chunks: Buffer[] = [];
    incoming
      .on('data', (chunk: Buffer) => chunks.push(chunk))
      .on('end', () => {
        decide(incoming, Buffer.concat(chunks)).then(
          ({ status, xml }) => response.writeHead(status, { 'content-type': 'text/xml' }).end(xml),
          (error: unknown) => response.destroy(error as Error),
        );
      });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    endpoint: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function stsCredentials(credentials: { readonly [name: string]: string }): StsAnswer {
  const elements = Object.entries(credentials)
    .map(([name, value]) => `<${name}>${value}</${name}>`)
    .join('');
  const result = `<AssumeRoleResult><Credentials>${elements}</Credentials></AssumeRoleResult>`;
  const xml = `<AssumeRoleResponse ${NAMESPACE}>${result}</AssumeRoleResponse>`;
  return { status: 200, xml };
}

export function stsFailure(status: number, code: string): StsAnswer {
  return {
    status,
    xml: `<ErrorResponse ${NAMESPACE}><Error><Code>${code}</Code><Message>${code}</Message></Error></ErrorResponse>`,
  };
}
