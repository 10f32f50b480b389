import * as fs from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import * as https from 'node:https';
import * as net from 'node:net';
import { S3Client } from '@aws-sdk/client-s3';
import { CONTROL_PATH, TOKEN_HEADER, type RecorderSettings } from './control';
import { functionSessions } from './function-sessions';
import { Identities } from './identities';
import { RecordingProxy } from './proxy';
import { Recorder, keepsBody, type RecordToDrop, type TrailSettings } from './recorder';
import { clientConfiguration } from '../clients';

const LOOK_EVERY_MS = 10_000;
const SETTLE_MS = 60_000;
const DELIVER_EVERY_MS = 60_000;
const DIGEST_EVERY_MS = 60 * 60 * 1_000;
/** Longer than clients keep idle connections, so that none sends a request on a closing connection. */
const IDLE_MS = 5 * 60 * 1_000;

// The recorder as a separate process, which outlives the process that started it and has its own memory.
const settings = JSON.parse(fs.readFileSync(0, 'utf8')) as RecorderSettings;
const configuration = clientConfiguration(
  { endpoint: settings.target, region: settings.region, trustBundle: '', authorityFile: settings.authorityFile }, settings.root,
);
const s3 = new S3Client({ ...configuration, forcePathStyle: true });
const identities = new Identities(settings.account, settings.root.accessKeyId);
const recorder = new Recorder(settings.account, settings.region, identities, s3);
const proxy = new RecordingProxy({
  target: settings.target,
  authority: fs.readFileSync(settings.authorityFile),
  keepsBody,
  onExchange: (exchange) => recorder.take(exchange),
});
let started = false;

function say(error: Error): void {
  process.stderr.write(`${error.stack}\n`);
}

async function command(name: string, body: unknown): Promise<unknown> {
  switch (name) {
    case 'health':
      return {};
    case 'start':
      for (const session of await functionSessions(configuration)) {
        identities.learnSession(session);
      }
      if (!started) {
        started = true;
        setInterval(() => void recorder.deliverSoon(), DELIVER_EVERY_MS);
        setInterval(() => void recorder.flush().catch(say), DIGEST_EVERY_MS);
      }
      return recorder.start(body as TrailSettings);
    case 'drop':
      recorder.dropNext(body as RecordToDrop);
      return {};
    case 'flush':
      await proxy.settled(SETTLE_MS);
      return recorder.flush();
    default:
      throw new Error(`the recorder knows no command "${name}"`);
  }
}

async function control(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const answer = (status: number, value: unknown) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
  if (request.headers[TOKEN_HEADER] !== settings.token) {
    answer(403, { message: 'the recorder takes commands from the rig alone' });
    return;
  }
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  try {
    answer(200, await command((request.url ?? '').slice(CONTROL_PATH.length), text === '' ? undefined : JSON.parse(text)));
  } catch (error) {
    answer(500, { message: (error as Error).message });
  }
}

const identity = { cert: fs.readFileSync(settings.certificateFile), key: fs.readFileSync(settings.keyFile) };
const server = https.createServer(identity, (request, response) => {
  if (request.url?.startsWith(CONTROL_PATH)) {
    void control(request, response);
  } else {
    proxy.handle(request, response);
  }
});
// A model of many gigabytes takes a long time.
server.requestTimeout = 0;
server.keepAliveTimeout = IDLE_MS;
server.listen(settings.port, '127.0.0.1');

// If the local AWS has ended, the proxy has no server.
setInterval(() => {
  const { hostname, port } = new URL(settings.target);
  const look = net.connect(Number(port), hostname, () => look.destroy()).once('error', ({ code }: NodeJS.ErrnoException) => {
    if (code === 'ECONNREFUSED') {
      process.exit(1);
    }
  });
}, LOOK_EVERY_MS);

async function stop(): Promise<void> {
  server.close();
  if (started) {
    await proxy.settled(1_000);
    await recorder.flush();
  }
  proxy.close();
  process.exit(0);
}
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    stop().catch((error: Error) => {
      say(error);
      process.exit(1);
    });
  });
}
