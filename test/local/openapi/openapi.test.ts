import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { configuration, documentWithExamples, OPERATIONS } from './configuration';
import { seedStore } from './seed';
import { ensureSchemathesis } from '../../tools/schemathesis';
import { tryCommand } from '../rig/run-command';
import { TestBench } from '../support/tester';

interface Outcome {
  readonly exitCode: number;
  readonly output: string;
  /** The number of responses with each status, by operation. */
  readonly statuses: { readonly [label: string]: { readonly [status: string]: number } };
}

/** The number of responses with each status, for the log. */
function summary(statuses: Outcome['statuses']): string {
  const counts = new Map<string, number>();
  for (const [status, count] of Object.values(statuses).flatMap((each) => Object.entries(each))) {
    counts.set(status, (counts.get(status) ?? 0) + count);
  }
  return `Schemathesis: ${[...counts].sort().map(([status, count]) => `${status} × ${count}`).join(', ')}`;
}

/** Runs Schemathesis with the document on the seeded store. A data scientist sends the requests, and a pipeline moves and removes aliases. */
async function fuzz(bench: TestBench): Promise<Outcome> {
  const [ada, grace] = await Promise.all([bench.as('dataScientist'), bench.as('pipeline')]);
  const { command, hooks } = await ensureSchemathesis();
  const seed = await seedStore(ada, grace);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'openapi-'));
  const file = (name: string, content: string) => {
    fs.writeFileSync(path.join(folder, name), content, { mode: 0o600 });
    return path.join(folder, name);
  };
  try {
    const statusesFile = path.join(folder, 'statuses.json');
    const settings = file('settings.json', JSON.stringify({
      callers: { ada: ada.credentials, grace: grace.credentials }, defaultCaller: 'ada',
      callerOf: Object.fromEntries(Object.entries(OPERATIONS).filter(([, { operationId }]) => ['moveAlias', 'removeAlias'].includes(operationId)).map(([label]) => [label, 'grace'])),
      region: bench.store.localAws.region, statusesFile,
    }));
    const { url, localAws: { authorityFile } } = bench.store;
    const { exitCode, stdout, stderr } = await tryCommand(command, [
      '--config-file', file('schemathesis.toml', configuration(seed, { url, authorityFile })), '--no-color',
      'run', file('openapi.json', JSON.stringify(documentWithExamples(seed))),
    ], { cwd: folder, env: { ...process.env, SCHEMATHESIS_HOOKS: hooks, API_TEST_SETTINGS: settings } });
    const statuses = fs.existsSync(statusesFile) ? JSON.parse(fs.readFileSync(statusesFile, 'utf8')) as Outcome['statuses'] : {};
    process.stderr.write(`${summary(statuses)}\n`);
    return { exitCode, output: `${stdout}${stderr}`, statuses };
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

describe('The OpenAPI document, with requests that Schemathesis generates from it', () => {
  const bench = new TestBench();
  let outcome: Outcome;
  beforeAll(async () => {
    outcome = await fuzz(bench);
  }, 600_000);
  afterAll(() => bench.close());

  test('describes every response: no 5xx, no other status, body or content type', () => {
    // The output names each failed check, with a curl command that repeats the request.
    expect(outcome.exitCode === 0 ? '' : outcome.output).toBe('');
  });

  test.each(Object.keys(OPERATIONS))('%s succeeds, is refused, and answers only with statuses in the document', (label) => {
    const seen = Object.keys(outcome.statuses[label] ?? {});

    expect(seen.filter((status) => status.startsWith('2'))).not.toEqual([]);
    expect(seen.filter((status) => status.startsWith('4'))).not.toEqual([]);
    expect(seen.filter((status) => !(status in OPERATIONS[label].responses) || status.startsWith('5'))).toEqual([]);
  });
});
