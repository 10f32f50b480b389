import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { BUCKET_NAME, REGION, type EngineSite, type S3Engine } from './engine';
import { prepareBucket } from './prepare-bucket';
import { sessionRolePolicies } from './session-policies';
import { startVersitygwSessions, VERSITYGW_ACCOUNT } from './versitygw-sessions';
import { LocalHttp } from '../../local/rig/local-http';
import { engineOf, ensureEngine } from '../build';
import { freePorts, startServer } from '../support/server-process';

/**
 * versitygw on a local folder: its S3 gateway with TLS, and the IAM service that the gateway queries for
 * sessions.
 */
export async function startVersitygw(
  site: EngineSite,
): Promise<{ readonly engine: S3Engine; readonly stop: () => Promise<void> }> {
  const command = await ensureEngine('versitygw');
  const [iamFolder, dataFolder, versionsFolder] = ['iam', 'data', 'versions'].map((name) =>
    path.join(site.folder, name),
  );
  [iamFolder, dataFolder, versionsFolder].forEach((folder) => fs.mkdirSync(folder, { recursive: true }));
  // The path of a socket is limited to about a hundred bytes, and the project path can be long.
  const socketFolder = fs.mkdtempSync(path.join(os.tmpdir(), 'versitygw-'));
  const socket = path.join(socketFolder, 'iam');
  const root = { accessKeyId: 'versitygw-administrator', secretAccessKey: crypto.randomBytes(20).toString('hex') };
  const [port, iamPort] = await freePorts(2);
  const endpoint = `https://127.0.0.1:${port}`;
  const http = new LocalHttp(site.authorityFile);
  const sessions = await startVersitygwSessions(site, iamFolder, sessionRolePolicies());
  const common = {
    command,
    folder: site.folder,
    env: { HOME: site.folder, ROOT_ACCESS_KEY: root.accessKeyId, ROOT_SECRET_KEY: root.secretAccessKey },
  };
  const tls = [
    '--cert',
    site.certificateFile,
    '--key',
    site.keyFile,
    '--region',
    REGION,
    '--quiet',
    '--health',
    '/health',
  ];
  const healthy = (of: number) => async () =>
    (await http.send({ method: 'GET', url: `https://127.0.0.1:${of}/health` })).status === 200;
  const iam = await startServer({
    ...common,
    name: 'versitygw-iam',
    answers: healthy(iamPort),
    args: [...tls, '--port', `127.0.0.1:${iamPort}`, 'iam', '--dir', iamFolder, '--private-ports', socket],
  });
  const gateway = await startServer({
    ...common,
    name: 'versitygw',
    answers: healthy(port),
    args: [
      ...tls,
      '--port',
      `127.0.0.1:${port}`,
      '--iam-standalone-endpoint',
      socket,
      'posix',
      '--versioning-dir',
      versionsFolder,
      dataFolder,
    ],
  });
  http.close();
  await prepareBucket({ endpoint, root, authorityFile: site.authorityFile });
  const engine: S3Engine = {
    name: 'versitygw',
    engine: engineOf('versitygw'),
    endpoint,
    stsEndpoint: sessions.endpoint,
    bucketName: BUCKET_NAME,
    root,
    functions: sessions.functions,
    encryptionKeyArn: `arn:aws:kms:${REGION}:${VERSITYGW_ACCOUNT}:key/none`,
    encrypted: false,
  };
  return {
    engine,
    stop: async () => {
      await gateway.stop();
      await iam.stop();
      await sessions.close();
      fs.rmSync(socketFolder, { recursive: true, force: true });
    },
  };
}
