import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { parseArgs } from 'node:util';
import { formatBytes } from '../cli/src/runtime/format';
import { differences } from '../scripts/demo/model-folder';
import { expect, Report } from '../scripts/demo/report';
import { sizeOf } from '../scripts/demo/scenario';
import { stopOwn } from '../test/local/rig/local-aws';
import { credentialsOf, startLocalStore, type LocalStore } from '../test/local/rig/local-store';
import { childrenOf, peakMemory, watchMemory } from '../test/local/rig/memory';
import { modelStoreJson } from '../test/local/rig/model-store';
import { endCommands } from '../test/local/rig/run-command';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const MIB = 2 ** 20;
const GIB = 2 ** 30;
/** The command streams files, so its memory must not grow with the size of the model. */
const MOST_MEMORY_BYTES = 256 * MIB;

const USAGE = `npx tsx bench/large-runs.ts [--files 5000] [--gibibytes 3]

Pushes, pulls and compares a version with many files and one with a single large file, in a store on a local AWS, and
prints the peak memory of the command line and of each function. Needs disk space for three copies of the large file.
`;

interface Run {
  readonly title: string;
  readonly model: string;
  readonly make: (folder: string) => Promise<void>;
}

async function makeManyFiles(folder: string, count: number): Promise<void> {
  for (let index = 0; index < count; index++) {
    const file = path.join(
      folder, `shard-${String(index % 50).padStart(2, '0')}`, `tensor-${String(index).padStart(5, '0')}.bin`,
    );
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, crypto.randomBytes(512 + (index * 37) % 8_192));
  }
}

/** Writes an incompressible file without repeated blocks: a random AES-CTR key stream. */
async function makeLargeFile(folder: string, size: number): Promise<void> {
  const file = fs.openSync(path.join(folder, 'weights.safetensors'), 'w');
  const cipher = crypto.createCipheriv('aes-128-ctr', crypto.randomBytes(16), crypto.randomBytes(16));
  const zeros = Buffer.alloc(4 * MIB);
  for (let written = 0; written < size;) {
    written += fs.writeSync(file, cipher.update(zeros.subarray(0, Math.min(zeros.length, size - written))));
  }
  fs.closeSync(file);
}

/** Runs a command as the person and measures its peak memory; fails if it used too much. */
async function watched(
  store: LocalStore, person: 'dataScientist' | 'pipeline', args: readonly string[],
): Promise<{ detail: string }> {
  let stop: (() => number) | undefined;
  const started = Date.now();
  await modelStoreJson(
    store, await credentialsOf(store, person), args, { onStarted: (pid) => { stop = watchMemory(pid); } },
  );
  const peak = stop!();
  expect(
    peak < MOST_MEMORY_BYTES, `the command used ${formatBytes(peak)}; the limit is ${formatBytes(MOST_MEMORY_BYTES)}`,
  );
  return { detail: `peak ${formatBytes(peak)}, ${((Date.now() - started) / 1000).toFixed(1)} s` };
}

/** Peak memory of each function. Its processes are children of the local AWS and are named after the function. */
function functionMemory(store: LocalStore): string[] {
  const peaks = new Map<string, number>();
  for (const { command, peakBytes } of childrenOf(store.localAws.process.pid)) {
    const name = /ministack-lambda-\S*?Functions(Upload|Download|Registry)/.exec(command)?.[1];
    if (name !== undefined) {
      peaks.set(name, Math.max(peaks.get(name) ?? 0, peakBytes));
    }
  }
  return [
    ...[...peaks].sort().map(([name, peak]) => `function ${name.toLowerCase()}: ${formatBytes(peak)}`),
    `(the local AWS itself, including S3: ${formatBytes(peakMemory(store.localAws.process.pid) ?? 0)})`,
  ];
}

async function play(report: Report, runs: readonly Run[]): Promise<void> {
  report.section('A store on a local AWS');
  let store!: LocalStore;
  await report.step('deploy examples/quickstart', async () => {
    store = await startLocalStore({ purpose: 'large-runs' });
  });
  const { folder: workFolder } = store.localAws;

  for (const { title, model, make } of runs) {
    report.section(title);
    const [folder, pulled] = [path.join(workFolder, `${model}-pushed`), path.join(workFolder, `${model}-pulled`)];
    fs.mkdirSync(folder);
    await report.step('make the files', async () => {
      await make(folder);
      return { detail: sizeOf(folder) };
    });
    await report.step('push', async () => watched(store, 'dataScientist', ['push', folder, `${model}@1.0.0`]));
    await report.step(
      'push the same folder again', async () => watched(store, 'dataScientist', ['push', folder, `${model}@1.0.0`]),
    );
    await report.step('pull', async () => watched(store, 'pipeline', ['pull', `${model}@1.0.0`, pulled]));
    await report.step('compare byte for byte', async () => {
      const found = await differences(folder, pulled);
      expect(found.length === 0, found.slice(0, 20).join('\n'));
    });
    await report.step('peak memory of the functions', async () => ({ lines: functionMemory(store) }));
    fs.rmSync(folder, { recursive: true });
    fs.rmSync(pulled, { recursive: true, force: true });
  }
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      files: { type: 'string', default: '5000' },
      gibibytes: { type: 'string', default: '3' },
      help: { type: 'boolean' },
    },
  });
  const [count, gibibytes] = [Number(values.files), Number(values.gibibytes)];
  if (values.help || !(Number.isSafeInteger(count) && count > 0) || !(gibibytes > 0)) {
    process.stdout.write(USAGE);
    return values.help ? 0 : 2;
  }
  const report = new Report();
  const runs: Run[] = [
    {
      title: `A version with ${count} files`, model: 'many-files', make: async (folder) => makeManyFiles(folder, count),
    },
    {
      title: `A version with one file of ${gibibytes} GiB`,
      model: 'large-file',
      make: async (folder) => makeLargeFile(folder, Math.round(gibibytes * GIB)),
    },
  ];
  const interrupted = new Promise<Error>((resolve) => process.once('SIGINT', () => resolve(new Error('interrupted'))));
  const failure = await Promise.race([play(report, runs).then(() => undefined, (error: Error) => error), interrupted]);
  endCommands();
  await stopOwn({ remove: true });
  if (failure) {
    report.line(failure.message);
    return 1;
  }
  return report.conclude() ? 0 : 1;
}

main().then((code) => process.exit(code), (error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
