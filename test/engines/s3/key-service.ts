import * as path from 'node:path';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { ACCOUNT, REGION, type EngineSite } from './engine';
import { clientConfiguration } from '../../local/rig/clients';
import { LocalHttp } from '../../local/rig/local-http';
import { freePorts, startServer, type ServerProcess } from '../support/server-process';

export interface KeyService {
  readonly endpoint: string;
  /** ARN of the key that signs manifests. */
  readonly signingKeyArn: string;
  readonly server: ServerProcess;
}

/**
 * KMS for the signatures: that of the local AWS, with IAM disabled, as it does not know the sessions of an engine. No
 * engine has a key service like that of AWS.
 */
export async function startKeyService(site: EngineSite, python: string): Promise<KeyService> {
  const [port, plainHttpPort] = await freePorts(2);
  const endpoint = `https://127.0.0.1:${port}`;
  const anybody = { accessKeyId: 'test', secretAccessKey: 'test' };
  const http = new LocalHttp(site.authorityFile);
  try {
    const server = await startServer({
      command: python,
      args: [path.resolve(__dirname, '../../local/rig/serve.py')],
      env: {
        PATH: process.env.PATH,
        HOME: site.folder,
        TMPDIR: site.folder,
        LANG: 'C.UTF-8',
        PYTHONUNBUFFERED: '1',
        AUTH: 'false',
        USE_SSL: '1',
        MINISTACK_SSL_CERT: site.certificateFile,
        MINISTACK_SSL_KEY: site.keyFile,
        GATEWAY_PORT: String(port),
        PLAIN_HTTP_PORT: String(plainHttpPort),
        ANSWERED_LOG: path.join(site.folder, 'answered.log'),
        BIND_HOST: '127.0.0.1',
        IOT_MTLS_ENABLED: '0',
        SFTP_ENABLED: '0',
        MINISTACK_ACCOUNT_ID: ACCOUNT,
        MINISTACK_REGION: REGION,
        STATE_DIR: path.join(site.folder, 'state'),
      },
      folder: site.folder,
      name: 'key-service',
      answers: async () => (await http.send({ method: 'GET', url: `${endpoint}/_ministack/health` })).status === 200,
    });
    const kms = new KMSClient(
      clientConfiguration({ endpoint, region: REGION, authorityFile: site.authorityFile, trustBundle: '' }, anybody),
    );
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({ KeyUsage: 'SIGN_VERIFY', KeySpec: 'ECC_NIST_P256' }));
    kms.destroy();
    return { endpoint, signingKeyArn: KeyMetadata!.Arn!, server };
  } finally {
    http.close();
  }
}
