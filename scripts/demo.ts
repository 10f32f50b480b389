import * as fs from 'node:fs';
import * as path from 'node:path';
import { parseArgs } from 'node:util';
import { audit } from './demo/audit';
import { ByteAccounts } from './demo/byte-accounts';
import { printLimits } from './demo/limits';
import { changeOneFile, filesOf, sileroVad } from './demo/model-folder';
import { tryRefusals } from './demo/refusals';
import { Report } from './demo/report';
import { moveModel, sizeOf } from './demo/scenario';
import { NAME_RULE, isName } from '../src/contract/names';
import { stopOwn } from '../test/local/rig/local-aws';
import { credentialsOf, startLocalStore, type LocalStore } from '../test/local/rig/local-store';
import { endCommands } from '../test/local/rig/run-command';

// The AWS SDK prints a warning about old Node versions on every start.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const USAGE = `npm run demo                     deploy the store to a local AWS, and push and pull a real model
npm run demo -- --model DIR      use the files of your own folder instead
npm run demo -- --keep           keep the folder of the run, which contains its log
`;

interface Options {
  readonly model?: string;
  readonly keep: boolean;
}

const EXIT = { AS_EXPECTED: 0, NOT_AS_EXPECTED: 1, USAGE: 2, INTERRUPTED: 130 } as const;

async function main(options: Options): Promise<number> {
  const report = new Report();
  const finished = run(report, options).then(() => 'done' as const, (error: Error) => error);
  const interrupted = new Promise<'interrupted'>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.once(signal, () => resolve('interrupted'));
    }
  });
  const end = await Promise.race([finished, interrupted]);
  if (end === 'interrupted') {
    report.mute();
    endCommands();
    await stop(options);
    process.stderr.write('\ninterrupted; all processes of this run were stopped\n');
    return EXIT.INTERRUPTED;
  }
  if (end instanceof Error) {
    report.line(`\n${end.message}`);
  }
  report.section('Cleaning up');
  await report.step('stop all processes of this run', async () => stop(options));
  return report.conclude() && end === 'done' ? EXIT.AS_EXPECTED : EXIT.NOT_AS_EXPECTED;
}

async function run(report: Report, options: Options): Promise<void> {
  const firstDay = new Date().toISOString().slice(0, 10);
  report.section('Deploying the store to a local AWS');
  const store: LocalStore = await startLocalStore({
    purpose: 'demo',
    recorded: true,
    say: () => undefined,
    step: async (title, work) => {
      let done: { readonly result: Awaited<ReturnType<typeof work>> } | undefined;
      await report.step(title, async () => { done = { result: await work() }; });
      if (done === undefined) {
        throw new Error('the remaining steps were skipped, because the store could not be started');
      }
      return done.result;
    },
  });
  report.remark(`    ${store.url}`);

  report.section('Pushing and pulling a model');
  const [ada, grace, vera] = await Promise.all([
    credentialsOf(store, 'dataScientist'), credentialsOf(store, 'pipeline'), credentialsOf(store, 'auditor'),
  ]);
  let folder = options.model === undefined ? '' : path.resolve(options.model);
  await report.step(`the model: ${options.model ?? 'silero-vad 6.2.3 from PyPI'}`, async () => {
    folder ||= await sileroVad(store.localAws.python);
    return { detail: sizeOf(folder) };
  });
  const changedFolder = path.join(store.localAws.folder, 'changed');
  changeOneFile(folder, changedFolder);
  const model = options.model === undefined ? 'silero-vad' : nameOf(folder);
  const scenario = {
    report,
    store,
    accounts: new ByteAccounts(store),
    people: { ada, grace, vera },
    model,
    folder,
    changedFolder,
    firstDay,
  };
  await moveModel(scenario);

  report.section('Requests that must be refused');
  await tryRefusals(scenario);
  await audit(scenario);
  printLimits(report, store.leftOut);
}

async function stop({ keep }: Options): Promise<{ detail?: string }> {
  const folders = await stopOwn({ remove: !keep });
  return keep ? { detail: folders.map((folder) => path.relative(process.cwd(), folder)).join(', ') } : {};
}

/** Derives a model name from the name of a folder. */
function nameOf(folder: string): string {
  const name = path.basename(folder).toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/\.\.+/g, '.')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 128);
  if (!isName(name)) {
    throw new Error(`cannot derive a model name from the folder name "${path.basename(folder)}": a name ${NAME_RULE}`);
  }
  return name;
}

function readOptions(): Options {
  const { values } = parseArgs({ options: {
    model: { type: 'string' }, keep: { type: 'boolean', default: false }, help: { type: 'boolean', default: false },
  } });
  if (values.help) {
    process.stdout.write(USAGE);
    process.exit(0);
  }
  const folder = values.model;
  if (
    folder !== undefined && !(fs.existsSync(folder) && fs.statSync(folder).isDirectory() && filesOf(folder).length > 0)
  ) {
    throw new Error(`--model ${folder}: not a folder, or an empty one`);
  }
  return { model: folder, keep: values.keep };
}

Promise.resolve()
  .then(async () => main(readOptions()))
  // Exits without waiting for pending work of an interrupted run.
  .then((code) => process.exit(code))
  .catch((error: Error) => {
    process.stderr.write(`${error.message}\n\n${USAGE}`);
    process.exitCode = EXIT.USAGE;
  });
