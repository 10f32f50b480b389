import { spawn } from 'node:child_process';
import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { CONTROL_PATH, TOKEN_HEADER, type Commands, type RecorderSettings } from './control';
import type { Flushed, RecordToDrop, TrailSettings } from './recorder';
import type { PublicKeyList } from './trail-files';
import { LocalHttp } from '../local-http';
import { PROJECT_ROOT } from '../paths';
import { identify, isRunning, stopProcessGroup, type ProcessIdentity } from '../process-identity';

/** The recorder of a running local AWS, as recorded in the run folder. */
export interface RunningRecorder {
  readonly endpoint: string;
  readonly process: ProcessIdentity;
  readonly authorityFile: string;
  readonly token: string;
  readonly logFile: string;
}

const START_MS = 10 * 60_000;

/** Starts a recorder in front of a running local AWS. */
export async function startRecorder(settings: Omit<RecorderSettings, 'token'>, folder: string): Promise<RunningRecorder> {
  const token = crypto.randomBytes(24).toString('base64url');
  const logFile = path.join(folder, 'recorder.log');
  const log = fs.openSync(logFile, 'a');
  const child = spawn(process.execPath, ['--import', 'tsx', path.join(__dirname, 'serve-recorder.ts')], {
    cwd: PROJECT_ROOT,
    detached: true,
    stdio: ['pipe', log, log],
    env: { PATH: process.env.PATH, HOME: folder, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true', AWS_EC2_METADATA_DISABLED: 'true' },
  });
  fs.closeSync(log);
  const started = identify(child.pid!);
  child.stdin!.on('error', () => undefined).end(JSON.stringify({ ...settings, token } satisfies RecorderSettings));
  child.unref();
  if (started === undefined) {
    throw new Error(`the recorder ended at once; see ${logFile}`);
  }
  const recorder: RunningRecorder = { endpoint: `https://127.0.0.1:${settings.port}`, process: started, authorityFile: settings.authorityFile, token, logFile };
  for (const giveUpAt = Date.now() + START_MS; Date.now() < giveUpAt && isRunning(started);) {
    if (await send(recorder, 'health', undefined).then(() => true, () => false)) {
      return recorder;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await stopProcessGroup(started);
  throw new Error(`the recorder did not start:\n${fs.readFileSync(logFile, 'utf8').trim().split('\n').slice(-15).join('\n')}`);
}

/** Starts writing the trail and the access logs. Returns the keys that verify the digest files. */
export async function startTrail(recorder: RunningRecorder, settings: TrailSettings): Promise<PublicKeyList> {
  return send<PublicKeyList>(recorder, 'start', settings);
}

/** Delivers everything recorded so far, after all current requests have ended. */
export async function deliverLogs(recorder: RunningRecorder): Promise<Flushed> {
  return send<Flushed>(recorder, 'flush', undefined);
}

/** Leaves the next matching record out of the trail, but not out of the access logs. */
export async function dropNextRecord(recorder: RunningRecorder, record: RecordToDrop): Promise<void> {
  await send(recorder, 'drop', record);
}

async function send<T>(recorder: RunningRecorder, command: keyof Commands, body: Commands[keyof Commands]): Promise<T> {
  const http = new LocalHttp(recorder.authorityFile);
  try {
    const { status, text } = await http.send({
      method: 'POST',
      url: `${recorder.endpoint}${CONTROL_PATH}${command}`,
      headers: { [TOKEN_HEADER]: recorder.token },
      body: body === undefined ? '' : JSON.stringify(body),
    });
    const answer = JSON.parse(text) as T & { message?: string };
    if (status !== 200) {
      throw new Error(`the recorder answered "${command}" with: ${answer.message}`);
    }
    return answer;
  } finally {
    http.close();
  }
}
