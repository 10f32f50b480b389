import * as path from 'node:path';
import { filesOf } from './model-folder';
import { expect, type Result } from './report';
import { ALIAS, pull, ROLES, type Scenario, stepAs } from './scenario';
import { formatCount, formatTable } from '../../cli/src/runtime/format';
import { blobKey } from '../../src/contract/keys';
import type { Manifest } from '../../src/contract/manifest';
import { modelStore, modelStoreJson } from '../../test/local/rig/model-store';
import { deliverLogs, dropNextRecord } from '../../test/local/rig/recorder/start-recorder';

/** Output of `model-store audit query QUERY --json`; the cells of a row are keyed by column. */
interface Answer {
  readonly rows: readonly { readonly [column: string]: any }[];
  readonly read: { readonly records: number; readonly accessLogLines: number; readonly skipped: readonly unknown[] };
}

/** A finding in the output of `model-store audit report --json`. */
interface Finding {
  readonly query?: string;
  readonly state: string;
  readonly severity: string;
  readonly sentence: string;
}

/** Output of `model-store audit verify-trail --json`. */
interface Verification {
  readonly whole: boolean;
  readonly digestFiles: number;
  readonly logFiles: number;
  readonly problems: readonly unknown[];
}

/**
 * The auditor checks the evidence with the built command and only her role's permissions: first complete, then with a
 * gap.
 */
export async function audit(scenario: Scenario): Promise<void> {
  const { report, model } = scenario;
  report.section('Attributing every downloaded byte');
  await report.step('trail and access logs are delivered to the log archive', async () => deliver(scenario));
  await stepAs(scenario, 'vera', 'vera, auditor: every byte is attributed to the person who pulled it', async () => (
    compareAccounts(scenario)));
  await stepAs(scenario, 'vera', `the chain of custody of ${model}`, async () => {
    const { rows } = await ask(scenario, 'custody', '--of', model);
    for (const [step, person] of [
      ['pushed', 'ada'], ['published', 'ada'], ['promoted', 'grace'], ['pulled', 'grace'], ['pulled', 'ada'],
    ]) {
      expect(rows.some((row) => row.step === step && row.result === 'ok' && nameOf(row.principal) === person),
        `the step "${step}" by ${person} is missing`);
    }
    return { lines: table([['STEP', 'PERSON', 'RESULT', 'VERSION', 'FILES', 'BYTES OUT'], ...rows.map((row) => [
      row.alias === null ? row.step : `${row.step} (${row.alias})`, nameOf(row.principal), row.result,
      row.version ?? '-', count(row.files), count(row.bytes_out),
    ])], [4, 5]) };
  });
  await stepAs(scenario, 'vera', 'trail and access logs contain the same requests', async () => {
    const { rows, read } = await ask(scenario, 'reconciliation');
    expect(read.records > 0 && read.accessLogLines > 0 && read.skipped.length === 0,
      `the logs were not read completely: ${JSON.stringify(read)}`);
    expect(rows.length === 0, `missing:\n${rows.map((row) => JSON.stringify(row)).join('\n')}`);
    return { detail: `${count(read.records)} records, ${count(read.accessLogLines)} lines, none missing` };
  });
  await stepAs(scenario, 'vera', 'changes to protective settings: the operator changed the URL lifetime', async () => {
    const { rows } = await ask(scenario, 'protection-changes');
    // Every use of the root user is listed, also the creation of the users of this demo.
    const others = rows.filter(({ principal }) => !principal.endsWith(':root'));
    const changes = rows.filter(({ action }) => action.startsWith('UpdateFunctionConfiguration'));
    expect(changes.length > 0 && others.length === 0,
      `expected only changes by the operator: ${JSON.stringify(rows)}`);
    return { detail: `${formatCount(rows.length, 'request')} by the account's root user, ${
      formatCount(changes.length, 'change')} of the functions` };
  });
  await stepAs(
    scenario, 'vera', 'no file of the trail was changed, added or removed', async () => verifyTrail(scenario),
  );

  report.section('Losing one record on purpose');
  await loseOneRecord(scenario);
}

/** The recorder omits the read of one file from the trail. Only the access logs can show this. */
async function loseOneRecord(scenario: Scenario): Promise<void> {
  const { report, store, accounts, people, model, changedFolder } = scenario;
  const largest = filesOf(changedFolder).reduce((a, b) => (b.size > a.size ? b : a));
  let lostKey = '';
  let lostId: string | undefined;

  await stepAs(scenario, 'grace', `grace pulls ${model}@${ALIAS} again; one record is lost`, async () => {
    const { manifest } = await modelStoreJson<{ manifest: Manifest }>(store, people.grace, ['show', `${model}@1.1.0`]);
    lostKey = blobKey(model, manifest.files.find((file) => file.path === largest.path)!.digest);
    await dropNextRecord(store.localAws.recorder!, { eventName: 'GetObject', key: lostKey });
    await pull(scenario, 'grace', ALIAS, changedFolder);
    return { detail: `of ${largest.path}` };
  });
  await report.step('trail and access logs are delivered', async () => {
    const { dropped, ...result } = await deliver(scenario);
    expect(dropped.length === 1, `expected one lost record, not ${dropped.length}`);
    lostId = dropped[0].requestID;
    return result;
  });
  await stepAs(scenario, 'vera', 'the trail has fewer bytes than grace pulled', async () => {
    const { files, other } = accounts.of('grace');
    const short = files + other - bytesOf(await ask(scenario, 'egress-by-principal'), 'grace');
    expect(short === largest.size, `expected ${largest.size} bytes to be missing, not ${short}`);
    return { detail: `${count(short)} bytes are missing` };
  });
  await stepAs(scenario, 'vera', 'the trail still verifies: the lost record was never in a log file', async () => (
    verifyTrail(scenario)));
  await stepAs(scenario, 'vera', 'the reconciliation finds exactly this request', async () => {
    const { rows } = await ask(scenario, 'reconciliation');
    const [row] = rows;
    expect(rows.length === 1 && row.missing_in === 'trail' && row.request_id === lostId && row.object_key === lostKey
      && nameOf(row.principal) === 'grace' && row.bytes_out === largest.size,
    `expected ${lostId}, ${lostKey}, grace and ${largest.size} bytes:\n`
      + rows.map((one) => JSON.stringify(one)).join('\n'));
    return { lines: Object.entries(row).map(([name, value]) => `${name.padEnd(12)} ${value}`) };
  });
  await stepAs(scenario, 'vera', 'the HTML report has it as a finding', async () => {
    // Outside the folder of the run, which is deleted at the end.
    const page = `${store.localAws.folder}.html`;
    const { findings } = await auditJson<{ findings: readonly Finding[] }>(
      scenario, 'report', '--from', scenario.firstDay, '--html', page,
    );
    const found = findings.filter(({ state }) => state === 'found');
    expect(found.some(({ query }) => query === 'reconciliation'),
      `the lost record is not a finding: ${JSON.stringify(findings)}`);
    return {
      detail: path.relative(process.cwd(), page),
      lines: found.map(({ severity, sentence }) => `${severity}: ${sentence}`),
    };
  });
}

async function auditJson<T>({ store, people }: Scenario, ...args: string[]): Promise<T> {
  return modelStoreJson<T>(store, people.vera, ['--store', store.name, 'audit', ...args]);
}

async function ask(scenario: Scenario, query: string, ...options: string[]): Promise<Answer> {
  return auditJson<Answer>(scenario, 'query', query, '--from', scenario.firstDay, ...options);
}

/** On AWS, the command fetches the public keys from CloudTrail; here, the recorder has them. */
async function verifyTrail({ store, people }: Scenario): Promise<Result> {
  const args = [
    '--store', store.name, 'audit', 'verify-trail', '--public-keys', store.evidence!.publicKeysFile, '--json',
  ];
  const { stdout, stderr } = await modelStore(store, people.vera, args);
  expect(stdout.startsWith('{'), `model-store ${args.join(' ')} printed: ${stderr.trim() || stdout.trim()}`);
  const { whole, digestFiles, logFiles, problems } = JSON.parse(stdout) as Verification;
  expect(whole, `the trail is not intact: ${JSON.stringify(problems)}`);
  return { detail: `intact: ${formatCount(digestFiles, 'digest file')} for ${formatCount(logFiles, 'log file')}` };
}

async function deliver({ store }: Scenario) {
  const { records, lines, dropped } = await deliverLogs(store.localAws.recorder!);
  return { detail: `${count(records)} records, ${count(lines)} lines`, dropped };
}

/** The audit must report exactly the bytes that each person received: the files on disk plus everything else served. */
async function compareAccounts(scenario: Scenario): Promise<Result> {
  const { accounts } = scenario;
  const egress = await ask(scenario, 'egress-by-principal');
  await accounts.settle();
  const people = Object.entries(ROLES).map(
    ([person, role]) => ({ person, role, ...accounts.of(person), reported: bytesOf(egress, person) }),
  );
  const problems = [
    ...people.filter(({ onDisk, files }) => onDisk !== files).map(
      ({ person, onDisk, files }) => `${person} has ${onDisk} bytes on disk, but was served ${files}`,
    ),
    ...people.filter(({ onDisk, other, reported }) => onDisk + other !== reported)
      .map(({ person, onDisk, other, reported }) => (
        `${person} received ${onDisk + other} bytes, but the audit reports ${reported}`)),
    ...egress.rows
      .filter(({ principal }) => !Object.hasOwn(ROLES, nameOf(principal)))
      .map(({ principal }) => `unexpected principal ${principal}`),
    ...accounts.unnamed === 0 ? [] : [`${accounts.unnamed} bytes were served outside of all steps`],
  ];
  expect(problems.length === 0, problems.join('\n'));
  return { lines: table([[
    'PERSON', 'FILES ON DISK', 'MANIFESTS AND SIGNATURES', 'IN THE REPORT',
  ], ...people.map((one) =>
    [`${one.person}, ${one.role}`, count(one.onDisk), count(one.other), count(one.reported)])], [1, 2, 3]) };
}

/** Everything that a person was served: files, and the manifests and signatures that are counted apart. */
function bytesOf({ rows }: Answer, person: string): number {
  return rows
    .filter(({ principal }) => nameOf(principal) === person)
    .reduce((sum, { bytes_out, bookkeeping_bytes }) => sum + bytes_out + bookkeeping_bytes, 0);
}

/** A principal ends with the person's name: `<role>=<session>` in the trail, an ARN in the access logs. */
function nameOf(principal: string): string {
  return principal.split(/[=/]/).pop()!;
}

function table(rows: readonly (readonly string[])[], alignRight: readonly number[]): string[] {
  return formatTable(rows, alignRight).trimEnd().split('\n');
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}
