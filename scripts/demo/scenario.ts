import * as fs from 'node:fs';
import * as path from 'node:path';
import type { ByteAccounts } from './byte-accounts';
import { contentOf, differences, filesOf } from './model-folder';
import { expect, type Report, type Result } from './report';
import { formatBytes } from '../../cli/src/runtime/format';
import type { Credentials } from '../../test/local/rig/environment';
import type { LocalStore } from '../../test/local/rig/local-store';
import { modelStoreJson } from '../../test/local/rig/model-store';

export const ROLES = { ada: 'data scientist', grace: 'pipeline', vera: 'auditor' } as const;
export type Person = keyof typeof ROLES;

export const ALIAS = 'production';

/** Shared state of the parts of the demo. */
export interface Scenario {
  readonly report: Report;
  readonly store: LocalStore;
  readonly people: Readonly<Record<Person, Credentials>>;
  readonly accounts: ByteAccounts;
  readonly model: string;
  /** Folder of the model. */
  readonly folder: string;
  /** Copy of the folder with one changed file. */
  readonly changedFolder: string;
  /** First day of the logs (UTC, YYYY-MM-DD). */
  readonly firstDay: string;
}

/** Runs a step as one person, and attributes the bytes served meanwhile to that person. */
export async function stepAs(
  { report, accounts }: Scenario, person: Person, title: string, work: () => Promise<Result | void>,
): Promise<void> {
  await report.step(title, async () => accounts.during(person, work));
}

/** Pulls a version, replacing the previous pull, and compares it with the pushed folder. */
export async function pull(
  { store, people, accounts, model }: Scenario, person: Person, reference: string, pushed: string,
): Promise<Result> {
  const pulled = pulledFolder(store);
  fs.rmSync(pulled, { recursive: true, force: true });
  await modelStoreJson(store, people[person], ['pull', `${model}@${reference}`, pulled]);
  const found = await differences(pushed, pulled);
  expect(found.length === 0, found.join('\n'));
  await accounts.addFolder(person, pulled);
  return { detail: `${sizeOf(pushed)}, compared byte for byte` };
}

function pulledFolder(store: LocalStore): string {
  return path.join(store.localAws.folder, 'pulled');
}

export function sizeOf(folder: string): string {
  const files = filesOf(folder);
  return `${files.length} files, ${formatBytes(files.reduce((sum, { size }) => sum + size, 0))}`;
}

/** Output of `model-store push --json`. */
interface Pushed {
  readonly outcome: 'published' | 'unchanged';
  readonly files: number;
  readonly sentFiles: number;
  readonly sentBytes: number;
}

/** Pushes two versions of a model and pulls them, which must yield the same bytes. */
export async function moveModel(scenario: Scenario): Promise<void> {
  const { store, people, model, folder, changedFolder } = scenario;
  const push = async (from: string, version: string, outcome: string, sent: number): Promise<Result> => {
    const pushed = await modelStoreJson<Pushed>(store, people.ada, ['push', from, `${model}@${version}`]);
    expect(pushed.outcome === outcome && pushed.sentFiles === sent,
      `expected ${outcome} and ${sent} files sent: ${JSON.stringify(pushed)}`);
    return { detail: `${outcome}; sent ${sent} of ${pushed.files} files, ${formatBytes(pushed.sentBytes)}` };
  };

  await stepAs(scenario, 'ada', 'ada, data scientist, pushes 1.0.0', async () =>
    push(folder, '1.0.0', 'published', new Set((await contentOf(folder)).map(({ sha256 }) => sha256)).size));
  await stepAs(
    scenario,
    'ada',
    'ada pushes the same folder again: nothing is uploaded',
    async () => push(folder, '1.0.0', 'unchanged', 0),
  );
  await stepAs(
    scenario,
    'ada',
    'ada changes one file and pushes 1.1.0: one file is uploaded',
    async () => push(changedFolder, '1.1.0', 'published', 1),
  );
  await stepAs(scenario, 'grace', `grace, pipeline, points ${ALIAS} to 1.1.0`, async () => {
    await modelStoreJson(store, people.grace, ['promote', `${model}@1.1.0`, ALIAS]);
  });
  await stepAs(scenario, 'grace', `grace pulls ${model}@${ALIAS}: identical to the pushed folder`, async () =>
    pull(scenario, 'grace', ALIAS, changedFolder));
  await stepAs(scenario, 'grace', 'grace verifies the folder against the published version', async () => {
    await modelStoreJson(store, people.grace, ['verify', pulledFolder(store)]);
  });
  await stepAs(scenario, 'ada', 'ada pulls 1.0.0', async () => pull(scenario, 'ada', '1.0.0', folder));
}
