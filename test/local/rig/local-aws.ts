import { spawn } from 'node:child_process';
import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as net from 'node:net';
import * as path from 'node:path';
import { ensureCertificates } from './certificates';
import { writeTrustBundle, type Credentials, type LocalAwsAddress } from './environment';
import { LocalHttp } from './local-http';
import { RUNS_FOLDER } from './paths';
import { identify, isRunning, stopProcessGroup, type ProcessIdentity } from './process-identity';
import { ensurePython } from './python';
import { startRecorder, type RunningRecorder } from './recorder/start-recorder';

export const ACCOUNT = '111122223333';
export const REGION = 'us-east-1';

/** A running local AWS, as recorded in its run folder. */
export interface LocalAws extends LocalAwsAddress {
  readonly folder: string;
  readonly logFile: string;
  /** One line per response, written by the server: method, status, length, request ID, subresource and path. */
  readonly answeredLog: string;
  readonly account: string;
  /** The same local AWS without TLS, for requests that must be rejected there. */
  readonly plainHttpEndpoint: string;
  readonly authorityFile: string;
  readonly python: string;
  /** Of the root user, only to deploy and to create users. */
  readonly root: Credentials;
  readonly process: ProcessIdentity;
  /** Records every request, if enabled. `endpoint` is then its address, which the functions also use. */
  readonly recorder?: RunningRecorder;
  /** The process that stops it; absent if it is left running on purpose. */
  readonly owner?: ProcessIdentity;
}

export interface StartOptions {
  /** The name of the run and its folder: `demo`, `test`, `hands-on`. */
  readonly purpose: string;
  /** Whether it keeps running when this process ends. @default false */
  readonly keepRunning?: boolean;
  /** Whether the recorder stands in for CloudTrail and the delivery of access logs. @default false */
  readonly recorded?: boolean;
  readonly say?: (line: string) => void;
}

const STATE_FILE = 'local-aws.json';
const KEEP_LOGS_MS = 24 * 60 * 60 * 1000;

/** Starts a separate local AWS, with its own port, folder and root credentials. */
export async function startLocalAws(options: StartOptions): Promise<LocalAws> {
  const say = options.say ?? (() => undefined);
  await tidyUp();
  const { python } = await ensurePython(say);
  const certificates = await ensureCertificates(python);

  const folder = path.join(RUNS_FOLDER, options.keepRunning ? options.purpose : `${options.purpose}-${process.pid}-${Date.now().toString(36)}`);
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(path.join(folder, 'tmp'), { recursive: true, mode: 0o700 });
  // A separate copy, as the certificates may be renewed during the run.
  const authorityFile = path.join(folder, 'authority.pem');
  fs.copyFileSync(certificates.authorityFile, authorityFile);
  const trustBundle = path.join(folder, 'trusted-authorities.pem');
  writeTrustBundle(trustBundle, authorityFile);
  const logFile = path.join(folder, 'local-aws.log');
  const answeredLog = path.join(folder, 'answered.log');
  const root: Credentials = {
    accessKeyId: `AKIA${crypto.randomBytes(8).toString('hex').toUpperCase()}`,
    secretAccessKey: crypto.randomBytes(30).toString('base64url'),
  };

  // Another process may take the free port before the local AWS does.
  for (let attempt = 1; ; attempt++) {
    const [port, plainHttpPort, recorderPort] = await freePorts(3);
    const log = fs.openSync(logFile, 'a');
    const child = spawn(python, [path.join(__dirname, 'serve.py')], {
      cwd: folder,
      // A separate process group, so that the processes of functions are stopped with it.
      detached: true,
      stdio: ['ignore', log, log],
      env: {
        // The functions run on the same Node.js as this process.
        PATH: `${path.dirname(process.execPath)}${path.delimiter}${process.env.PATH ?? ''}`,
        HOME: folder,
        TMPDIR: path.join(folder, 'tmp'),
        LANG: 'C.UTF-8',
        PYTHONUNBUFFERED: '1',
        AUTH: 'true',
        USE_SSL: '1',
        MINISTACK_SSL_CERT: certificates.certificateFile,
        MINISTACK_SSL_KEY: certificates.keyFile,
        GATEWAY_PORT: String(port),
        PLAIN_HTTP_PORT: String(plainHttpPort),
        ANSWERED_LOG: answeredLog,
        BIND_HOST: '127.0.0.1',
        // Servers that are not needed here, on separate ports.
        IOT_MTLS_ENABLED: '0',
        SFTP_ENABLED: '0',
        MINISTACK_ACCOUNT_ID: ACCOUNT,
        MINISTACK_REGION: REGION,
        S3_PERSIST: '1',
        S3_DATA_DIR: path.join(folder, 's3'),
        // Keys that it generates, such as those of user pools; shared by every run on this machine otherwise.
        STATE_DIR: path.join(folder, 'state'),
        AWS_ACCESS_KEY_ID: root.accessKeyId,
        AWS_SECRET_ACCESS_KEY: root.secretAccessKey,
        // Functions sign for the address that clients use, and the recorder sees how their sessions are opened.
        ...(options.recorded ? { AWS_ENDPOINT_URL: `https://127.0.0.1:${recorderPort}` } : {}),
        // Passed to the functions, which also call AWS over TLS.
        NODE_EXTRA_CA_CERTS: authorityFile,
      },
    });
    fs.closeSync(log);
    const started = identify(child.pid!);
    child.unref();
    if (started === undefined) {
      throw new Error(`the local AWS ended at once; see ${logFile}`);
    }
    let localAws: LocalAws = {
      folder, logFile, answeredLog, python, authorityFile, trustBundle, root,
      account: ACCOUNT,
      region: REGION,
      endpoint: `https://127.0.0.1:${port}`,
      plainHttpEndpoint: `http://127.0.0.1:${plainHttpPort}`,
      process: started,
      owner: options.keepRunning ? undefined : identify(process.pid),
    };
    writeState(localAws);
    if (await answers(localAws)) {
      if (!options.recorded) {
        return localAws;
      }
      try {
        const recorder = await startRecorder({
          ...certificates, authorityFile, root, port: recorderPort, target: localAws.endpoint, account: ACCOUNT, region: REGION,
        }, folder);
        localAws = { ...localAws, endpoint: recorder.endpoint, recorder };
        writeState(localAws);
        return localAws;
      } catch (error) {
        if (attempt === 3) {
          await stopProcessGroup(started);
          throw error;
        }
      }
    }
    await stopProcessGroup(started);
    if (attempt === 3) {
      const end = fs.readFileSync(logFile, 'utf8').trim().split('\n').slice(-15).join('\n');
      throw new Error(`the local AWS did not start in ${attempt} attempts; the end of ${logFile}:\n${end}`);
    }
  }
}

/** Stops it and the functions it runs. Keeps its folder with the log, unless `remove` is set. */
export async function stopLocalAws(localAws: LocalAws, options: { readonly remove?: boolean } = {}): Promise<void> {
  if (localAws.recorder) {
    // Stopped before the processes that it delivers to.
    await stopProcessGroup(localAws.recorder.process);
  }
  await stopProcessGroup(localAws.process);
  if (options.remove) {
    fs.rmSync(localAws.folder, { recursive: true, force: true, maxRetries: 5 });
  } else {
    fs.rmSync(path.join(localAws.folder, STATE_FILE), { force: true });
    for (const bulky of ['s3', 'state', 'tmp']) {
      fs.rmSync(path.join(localAws.folder, bulky), { recursive: true, force: true, maxRetries: 5 });
    }
  }
}

/** The instance that was left running for this purpose, if it still runs. */
export function findLocalAws(purpose: string): LocalAws | undefined {
  const localAws = readState(path.join(RUNS_FOLDER, purpose));
  return localAws && isRunning(localAws.process) ? localAws : undefined;
}

/** Stops every local AWS that this process started and did not leave running on purpose; returns their folders. */
export async function stopOwn(options: { readonly remove?: boolean } = {}): Promise<string[]> {
  const self = identify(process.pid);
  const own = allStates().filter(({ owner }) => owner?.pid === self?.pid && owner?.startedAt === self?.startedAt);
  await Promise.all(own.map(async (localAws) => stopLocalAws(localAws, options)));
  return own.map(({ folder }) => folder);
}

/** Stops processes of a run that was killed before it could clean up, and deletes old logs. */
async function tidyUp(): Promise<void> {
  for (const localAws of allStates()) {
    if (localAws.owner && !isRunning(localAws.owner)) {
      await stopLocalAws(localAws, { remove: true });
    }
  }
  for (const folder of runFolders()) {
    const old = Date.now() - fs.statSync(folder).mtimeMs > KEEP_LOGS_MS;
    if (old && readState(folder) === undefined) {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  }
}

function runFolders(): string[] {
  return fs.existsSync(RUNS_FOLDER) ? fs.readdirSync(RUNS_FOLDER).map((name) => path.join(RUNS_FOLDER, name)) : [];
}

function allStates(): LocalAws[] {
  return runFolders().map(readState).filter((state) => state !== undefined);
}

function writeState(localAws: LocalAws): void {
  fs.writeFileSync(path.join(localAws.folder, STATE_FILE), JSON.stringify(localAws, undefined, 2), { mode: 0o600 });
}

function readState(folder: string): LocalAws | undefined {
  try {
    return JSON.parse(fs.readFileSync(path.join(folder, STATE_FILE), 'utf8')) as LocalAws;
  } catch {
    return undefined;
  }
}

/** This number of different free ports. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, async () => new Promise<net.Server>((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(server));
  })));
  const ports = servers.map((server) => (server.address() as net.AddressInfo).port);
  await Promise.all(servers.map(async (server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

async function answers(localAws: LocalAws): Promise<boolean> {
  const http = new LocalHttp(localAws.authorityFile);
  const giveUpAt = Date.now() + 10 * 60_000;
  try {
    while (Date.now() < giveUpAt && isRunning(localAws.process)) {
      const answer = await http.send({ method: 'GET', url: `${localAws.endpoint}/_ministack/health` }).catch(() => undefined);
      if (answer?.status === 200) {
        return true;
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return false;
  } finally {
    http.close();
  }
}
