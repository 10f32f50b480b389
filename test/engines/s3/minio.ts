import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { ACCOUNT, BUCKET_NAME, FUNCTION_NAMES, REGION, type EngineSite, type S3Engine } from './engine';
import { MinioAdmin } from './minio-admin';
import { startMinioSessions } from './minio-sessions';
import { prepareBucket } from './prepare-bucket';
import { sessionRolePolicies } from './session-policies';
import { LocalHttp } from '../../local/rig/local-http';
import { engineOf, ensureEngine } from '../build';
import { freePorts, startServer } from '../support/server-process';

const KEY_NAME = 'artifact-bucket-key';

/** MinIO with S3, STS and TLS, and every object encrypted with a key in its key service. */
export async function startMinio(
  site: EngineSite,
): Promise<{ readonly engine: S3Engine; readonly stop: () => Promise<void> }> {
  const command = await ensureEngine('minio');
  const certificates = path.join(site.folder, 'certificates');
  fs.mkdirSync(certificates, { recursive: true });
  fs.copyFileSync(site.certificateFile, path.join(certificates, 'public.crt'));
  fs.copyFileSync(site.keyFile, path.join(certificates, 'private.key'));
  const root = { accessKeyId: 'minio-administrator', secretAccessKey: crypto.randomBytes(20).toString('hex') };
  const [port, consolePort] = await freePorts(2);
  const endpoint = `https://127.0.0.1:${port}`;
  const http = new LocalHttp(site.authorityFile);
  try {
    const server = await startServer({
      command,
      args: [
        'server',
        '--quiet',
        '--address',
        `127.0.0.1:${port}`,
        '--console-address',
        `127.0.0.1:${consolePort}`,
        '--certs-dir',
        certificates,
        path.join(site.folder, 'data'),
      ],
      env: {
        HOME: site.folder,
        MINIO_ROOT_USER: root.accessKeyId,
        MINIO_ROOT_PASSWORD: root.secretAccessKey,
        MINIO_REGION: REGION,
        MINIO_BROWSER: 'off',
        MINIO_UPDATE: 'off',
        MINIO_KMS_SECRET_KEY: `${KEY_NAME}:${crypto.randomBytes(32).toString('base64')}`,
      },
      folder: site.folder,
      name: 'minio',
      answers: async () => (await http.send({ method: 'GET', url: `${endpoint}/minio/health/ready` })).status === 200,
    });
    const admin = new MinioAdmin(http, endpoint, root);
    const policies = sessionRolePolicies();
    const functions = Object.fromEntries(
      FUNCTION_NAMES.map((name) => [
        name,
        {
          credentials: { accessKeyId: `${name}-function`, secretAccessKey: crypto.randomBytes(20).toString('hex') },
          // MinIO sessions belong to the requesting user; it accepts any role ARN.
          sessionRoleArn: `arn:aws:iam::${ACCOUNT}:role/${name}-session-role`,
        },
      ]),
    ) as unknown as S3Engine['functions'];
    for (const name of FUNCTION_NAMES) {
      await admin.addUser(functions[name].credentials, policies[name]);
    }
    await prepareBucket({ endpoint, root, authorityFile: site.authorityFile, keyId: KEY_NAME });
    const sessions = await startMinioSessions(site, endpoint, Object.values(functions));
    const engine: S3Engine = {
      name: 'minio',
      engine: engineOf('minio'),
      endpoint,
      stsEndpoint: sessions.endpoint,
      bucketName: BUCKET_NAME,
      root,
      functions,
      encryptionKeyArn: `arn:aws:kms:${REGION}:${ACCOUNT}:key/${KEY_NAME}`,
      encrypted: true,
    };
    return { engine, stop: async () => Promise.all([sessions.close(), server.stop()]).then(() => undefined) };
  } finally {
    http.close();
  }
}
