import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Ledger } from './ledger';
import { contentsOf, differences, filesOf } from './model-folder';
import { expect, type Report, type Told } from './report';
import type { Credentials } from '../../test/local/rig/environment';
import type { LocalStore } from '../../test/local/rig/local-store';
import { modelStoreJson } from '../../test/local/rig/model-store';

export interface Cast {
  /** Data scientist. */
  readonly ada: Credentials;
  /** Pipeline. */
  readonly grace: Credentials;
  /** Auditor. */
  readonly vera: Credentials;
}

export interface Scene {
  readonly report: Report;
  readonly store: LocalStore;
  readonly ledger: Ledger;
  readonly cast: Cast;
  readonly model: string;
  /** The model's files. */
  readonly folder: string;
  /** A copy of them with one file changed. */
  readonly changedFolder: string;
  /** In UTC, of which the evidence can be: YYYY-MM-DD. */
  readonly firstDay: string;
}

/** As `model-store push --json` prints it. */
interface Pushed {
  readonly outcome: 'published' | 'unchanged';
  readonly files: number;
  readonly bytes: number;
  readonly sentFiles: number;
  readonly sentBytes: number;
}

export const ALIAS = 'production';

/** What a pull writes beside the model's files: what was pulled, and the signature. */
export const RECORD_FOLDER = '.model-store/';

/** A step of one person, which what is served meanwhile is put down to. */
export function stepOf({ report, ledger }: Scene, person: keyof Cast) {
  return async (title: string, work: () => Promise<Told | void>): Promise<void> => {
    await report.step(title, async () => ledger.as(person, work));
  };
}

/** A model goes in, a new version of it after it, and out comes the very same. */
export async function tellStory(scene: Scene): Promise<void> {
  const { store, ledger, cast, model, folder, changedFolder } = scene;
  const [ada, grace] = [stepOf(scene, 'ada'), stepOf(scene, 'grace')];
  const files = filesOf(folder);
  const push = async (from: string, version: string) => modelStoreJson<Pushed>(store, cast.ada, ['push', from, `${model}@${version}`]);
  const told = ({ outcome, sentFiles, files: all, sentBytes }: Pushed) => ({ detail: `${outcome}; sent ${sentFiles} of ${all} files, ${bytes(sentBytes)}` });

  await ada('ada, data scientist, pushes 1.0.0', async () => {
    const { size: different } = await contentsOf(folder);
    const pushed = await push(folder, '1.0.0');
    expect(pushed.outcome === 'published' && pushed.sentFiles === different, `was to publish and send ${different} files: ${JSON.stringify(pushed)}`);
    return told(pushed);
  });
  await ada('ada pushes the same again: nothing is sent', async () => {
    const pushed = await push(folder, '1.0.0');
    expect(pushed.outcome === 'unchanged' && pushed.sentFiles === 0, `was to send nothing: ${JSON.stringify(pushed)}`);
    return told(pushed);
  });
  await ada('ada changes one file and pushes 1.1.0: one file is sent', async () => {
    const pushed = await push(changedFolder, '1.1.0');
    expect(pushed.outcome === 'published' && pushed.sentFiles === 1, `was to send one file: ${JSON.stringify(pushed)}`);
    return told(pushed);
  });
  await grace(`grace, pipeline, points ${ALIAS} at 1.1.0`, async () => {
    await modelStoreJson(store, cast.grace, ['promote', `${model}@1.1.0`, ALIAS]);
  });
  const pulled = path.join(store.localAws.folder, 'pulled');
  await grace(`grace pulls ${model}@${ALIAS}: the same bytes as were pushed`, async () => {
    await modelStoreJson(store, cast.grace, ['pull', `${model}@${ALIAS}`, pulled]);
    const found = await differences(changedFolder, pulled, RECORD_FOLDER);
    expect(found.length === 0, found.join('\n'));
    await ledger.receivedFolder('grace', pulled, RECORD_FOLDER);
    const size = filesOf(changedFolder).reduce((sum, file) => sum + file.size, 0);
    return { detail: `${files.length} files, ${bytes(size)}, compared byte for byte` };
  });
  await grace('grace verifies the folder against what was published', async () => {
    await modelStoreJson(store, cast.grace, ['verify', pulled]);
  });
  fs.rmSync(pulled, { recursive: true, force: true });
  const pulledByAda = path.join(store.localAws.folder, 'pulled-by-ada');
  await ada('ada pulls 1.0.0', async () => {
    await modelStoreJson(store, cast.ada, ['pull', `${model}@1.0.0`, pulledByAda]);
    const found = await differences(folder, pulledByAda, RECORD_FOLDER);
    expect(found.length === 0, found.join('\n'));
    await ledger.receivedFolder('ada', pulledByAda, RECORD_FOLDER);
    return { detail: `${files.length} files, ${bytes(files.reduce((sum, { size }) => sum + size, 0))}, compared byte for byte` };
  });
  fs.rmSync(pulledByAda, { recursive: true, force: true });
}

/** A copy of the folder, with a byte more in its smallest file. The others are links, so that it costs no room. */
export function changeOneFile(folder: string, copy: string): void {
  const files = filesOf(folder);
  const smallest = files.reduce((a, b) => (b.size < a.size ? b : a));
  for (const { path: name } of files) {
    const [from, to] = [path.join(folder, name), path.join(copy, name)];
    fs.mkdirSync(path.dirname(to), { recursive: true });
    if (name === smallest.path) {
      fs.copyFileSync(from, to);
      fs.chmodSync(to, 0o600);
      fs.appendFileSync(to, '\0');
      continue;
    }
    try {
      fs.linkSync(from, to);
    } catch {
      // Another file system, or one without links.
      fs.copyFileSync(from, to);
    }
  }
}

export function bytes(count: number): string {
  for (const [unit, size] of [['GiB', 2 ** 30], ['MiB', 2 ** 20], ['KiB', 2 ** 10]] as const) {
    if (count >= size) {
      return `${(count / size).toFixed(1)} ${unit}`;
    }
  }
  return `${count} bytes`;
}
