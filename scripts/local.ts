import * as path from 'node:path';
import { leftOutLines } from './demo/limits';
import { localAwsVariables } from '../test/local/rig/environment';
import { findLocalAws, stopLocalAws } from '../test/local/rig/local-aws';
import {
  credentialsOf, readLocalStore, startLocalStore, type LocalStore, type PersonOfTheStore,
} from '../test/local/rig/local-store';
import { deliverLogs } from '../test/local/rig/recorder/start-recorder';

// The AWS SDK prints a warning about old Node versions on every start.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const PURPOSE = 'hands-on';

const PEOPLE: Record<string, PersonOfTheStore> = {
  'data-scientist': 'dataScientist',
  pipeline: 'pipeline',
  auditor: 'auditor',
};

const USAGE = `npm run local -- up                 start a local AWS, deploy examples/quickstart and leave it running
npm run local -- down               stop it and delete its data
npm run local -- status             show whether it is running, and its endpoints
npm run local -- deliver            deliver trail and access logs now instead of within a minute
eval "$(npm run -s local -- env)"   export the variables for a client, as data scientist;
                                    or: env pipeline, env auditor, env root (the account's root user)
`;

const say = (line: string) => process.stderr.write(`${line}\n`);

async function main(command: string | undefined, who: string | undefined): Promise<void> {
  switch (command) {
    case 'up': return up();
    case 'down': return down();
    case 'status': return status();
    case 'deliver': return deliver();
    case 'env': return env(who ?? 'data-scientist');
    default:
      say(USAGE);
      process.exitCode = command === undefined || command === 'help' || command === '--help' ? 0 : 2;
  }
}

async function up(): Promise<void> {
  if (findLocalAws(PURPOSE)) {
    say('a local store is already running');
  } else {
    await startLocalStore({
      purpose: PURPOSE,
      keepRunning: true,
      recorded: true,
      say,
      step: async (title, work) => {
        const started = Date.now();
        const result = await work();
        say(`${title}: ${((Date.now() - started) / 1000).toFixed(1)} s`);
        return result;
      },
    });
  }
  await status();
  say('\nto use it in this shell (or paste the lines):\n  eval "$(npm run -s local -- env)"\n');
  printAuditCommands(running()!);
  await env('data-scientist');
}

/** Prints the commands that show who downloaded which model. */
function printAuditCommands(store: LocalStore): void {
  const audit = `node cli/dist/model-store.js --store ${store.name} audit`;
  say([
    'to see as the auditor who downloaded which model, pull one and run:',
    '  npm run -s local -- deliver',
    '  eval "$(npm run -s local -- env auditor)"',
    `  ${audit} egress-by-principal`,
    `  ${audit} reconciliation`,
    `  ${audit} report --html egress.html`,
    `  ${audit} verify-trail --public-keys ${path.relative(process.cwd(), store.evidence!.publicKeysFile)}`,
    '',
  ].join('\n'));
}

async function deliver(): Promise<void> {
  const store = requireRunning();
  const { records, lines, trailFiles, accessLogFiles } = await deliverLogs(store.localAws.recorder!);
  say(`${records} records in ${trailFiles.length} files, ${lines} lines in ${accessLogFiles.length}`);
}

async function down(): Promise<void> {
  const localAws = findLocalAws(PURPOSE);
  if (!localAws) {
    say('no local store is running');
    return;
  }
  await stopLocalAws(localAws, { remove: true });
  say('stopped the local store and deleted its data');
}

async function status(): Promise<void> {
  const store = running();
  if (!store) {
    say('no local store is running; start one with: npm run local -- up');
    process.exitCode = 1;
    return;
  }
  say(`local store   ${store.url}`);
  say(`local AWS     ${store.localAws.endpoint} (process ${store.localAws.process.pid})`);
  say(`bucket        ${store.bucketName}`);
  say(`trail         ${store.evidence!.trailBucket}`);
  say(`access logs   ${store.evidence!.accessLogBucket}`);
  say(`log           ${path.relative(process.cwd(), store.localAws.logFile)}`);
  for (const line of leftOutLines(store.leftOut)) {
    say(`left out      ${line}`);
  }
}

async function env(who: string): Promise<void> {
  const store = requireRunning();
  if (who !== 'root' && PEOPLE[who] === undefined) {
    throw new Error(`unknown user "${who}"; use one of ${[...Object.keys(PEOPLE), 'root'].join(', ')}`);
  }
  const credentials = who === 'root' ? store.localAws.root : await credentialsOf(store, PEOPLE[who]);
  const variables = { ...localAwsVariables(store.localAws, credentials), MODEL_STORE_URL: store.url };
  for (const [name, value] of Object.entries(variables)) {
    process.stdout.write(`export ${name}='${value.replaceAll("'", "'\\''")}'\n`);
  }
  if (who === 'root') {
    process.stdout.write('unset AWS_SESSION_TOKEN\n');
  }
}

function requireRunning(): LocalStore {
  const store = running();
  if (!store) {
    throw new Error('no local store is running; start one with: npm run local -- up');
  }
  return store;
}

function running(): LocalStore | undefined {
  const localAws = findLocalAws(PURPOSE);
  if (localAws && !localAws.recorder) {
    throw new Error('the running local store was started by an older version; stop it with: npm run local -- down');
  }
  return localAws && readLocalStore(localAws.folder);
}

main(process.argv[2]?.replace(/^--/, ''), process.argv[3]).catch((error: Error) => {
  say(error.message);
  process.exitCode = 1;
});
