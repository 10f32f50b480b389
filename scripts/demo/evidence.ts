import * as fs from 'node:fs';
import * as path from 'node:path';
import { ask, askEverything, verifyTrail } from './auditor';
import { filesOf } from './model-folder';
import { expect, type Told } from './report';
import { ALIAS, RECORD_FOLDER, stepOf, type Cast, type Scene } from './story';
import { formatCount, formatTable } from '../../cli/src/runtime/format';
import { blobKey } from '../../src/contract/keys';
import type { Manifest } from '../../src/contract/manifest';
import { modelStoreJson } from '../../test/local/rig/model-store';
import { deliverLogs, dropNextRecord } from '../../test/local/rig/recorder/start-recorder';

/** A row of the question `egress-by-principal`. */
interface Egress {
  readonly principal: string;
  readonly bytes_out: number;
  readonly reads: number;
}

/** A row of the question `reconciliation`. */
interface Missing {
  readonly missing_in: string;
  readonly request_id: string;
  readonly principal: string;
  readonly action: string;
  readonly object_key: string;
  readonly bytes_out: number;
}

/** A row of the question `protection-changes`. */
interface Change {
  readonly principal: string;
  readonly action: string;
}

/** A row of the question `custody`. */
interface Custody {
  readonly step: string;
  /** Null where the evidence does not tell. */
  readonly version: string | null;
  readonly principal: string;
  readonly result: string;
  readonly files: number;
  readonly bytes_out: number;
  readonly alias: string | null;
}

const PEOPLE: Readonly<Record<keyof Cast, string>> = { ada: 'data scientist', grace: 'pipeline', vera: 'auditor' };

/** The auditor asks the evidence of what happened so far, and then of a pull that the trail has not all of. */
export async function askTheEvidence(scene: Scene): Promise<void> {
  const { report, model } = scene;
  const vera = stepOf(scene, 'vera');
  report.section('Every byte that left has a name');
  await report.step('trail and access logs are delivered into the log archive', async () => deliver(scene));
  await vera('vera, auditor, asks: every byte is under the person who pulled it', async () => {
    const { rows } = await ask<Egress>(scene, 'egress-by-principal');
    return compareWithLedger(scene, rows);
  });
  await vera(`the chain of custody of ${model}`, async () => {
    const { rows } = await ask<Custody>(scene, 'custody', '--of', model);
    for (const [step, person] of [['pushed', 'ada'], ['published', 'ada'], ['promoted', 'grace'], ['pulled', 'grace'], ['pulled', 'ada']]) {
      expect(rows.some((row) => row.step === step && row.result === 'ok' && nameOf(row.principal) === person), `was to say "${step}" of ${person}`);
    }
    return { lines: table([['STEP', 'PERSON', 'RESULT', 'VERSION', 'FILES', 'BYTES OUT'], ...rows.map((row) => [
      row.alias === null ? row.step : `${row.step} (${row.alias})`, nameOf(row.principal), row.result, row.version ?? '-', count(row.files), count(row.bytes_out),
    ])], [4, 5]) };
  });
  await vera('trail and access logs tell of the same requests', async () => {
    const { rows, read } = await ask<Missing>(scene, 'reconciliation');
    expect(read.records > 0 && read.accessLogLines > 0 && read.skipped.length === 0, `was to read all of the evidence: ${JSON.stringify(read)}`);
    expect(rows.length === 0, `nothing was to be missing:\n${rows.map((row) => JSON.stringify(row)).join('\n')}`);
    return { detail: `${count(read.records)} records, ${count(read.accessLogLines)} lines, nothing is missing` };
  });
  await vera('who changed what protects models: the operator, links\' lifetime', async () => {
    const { rows } = await ask<Change>(scene, 'protection-changes');
    const strange = rows.filter(({ action, principal }) => !action.startsWith('UpdateFunctionConfiguration') || !principal.endsWith(':root'));
    expect(rows.length > 0 && strange.length === 0, `was to name the operator's changes alone: ${JSON.stringify(rows)}`);
    return { detail: `${formatCount(rows.length, 'change')} by the account's root user` };
  });
  await vera('nothing in the trail was changed, added or taken away', async () => verify(scene));

  report.section('One record is lost, on purpose');
  await loseOneRecord(scene);
}

/** The recorder leaves the read of one file out of the trail. The trail alone cannot tell; the access logs can. */
async function loseOneRecord(scene: Scene): Promise<void> {
  const { report, store, ledger, cast, model, changedFolder } = scene;
  const [grace, vera] = [stepOf(scene, 'grace'), stepOf(scene, 'vera')];
  const pulled = path.join(store.localAws.folder, 'pulled-again');
  const largest = filesOf(changedFolder).reduce((a, b) => (b.size > a.size ? b : a));
  let lostKey = '';
  let lostId: string | undefined;

  await grace(`grace pulls ${model}@${ALIAS} again; a record of it is lost`, async () => {
    const { manifest } = await modelStoreJson<{ manifest: Manifest }>(store, cast.grace, ['show', `${model}@1.1.0`]);
    lostKey = blobKey(model, manifest.files.find((file) => file.path === largest.path)!.digest);
    await dropNextRecord(store.localAws.recorder!, { eventName: 'GetObject', key: lostKey });
    await modelStoreJson(store, cast.grace, ['pull', `${model}@${ALIAS}`, pulled]);
    await ledger.receivedFolder('grace', pulled, RECORD_FOLDER);
    return { detail: `of ${largest.path}` };
  });
  fs.rmSync(pulled, { recursive: true, force: true });
  await report.step('trail and access logs are delivered', async () => {
    const { dropped, ...told } = await deliver(scene);
    expect(dropped.length === 1, `one record was to be lost, not ${dropped.length}`);
    lostId = dropped[0].requestID;
    return told;
  });
  await vera('the trail alone tells of less than grace pulled', async () => {
    const { rows } = await ask<Egress>(scene, 'egress-by-principal');
    const { filesServed, besides } = ledger.of('grace');
    const short = filesServed + besides - bytesOf(rows, 'grace');
    expect(short === largest.size, `was to be short of ${largest.size} bytes, not of ${short}`);
    return { detail: `${count(short)} bytes are missing` };
  });
  await vera('and it is whole: no digest misses what was never delivered', async () => verify(scene));
  await vera('the reconciliation names exactly that request', async () => {
    const { rows } = await ask<Missing>(scene, 'reconciliation');
    const told = rows.map((row) => JSON.stringify(row)).join('\n');
    expect(rows.length === 1, `was to name one request, not ${rows.length}:\n${told}`);
    const [row] = rows;
    expect(row.missing_in === 'trail' && row.request_id === lostId && row.object_key === lostKey && nameOf(row.principal) === 'grace'
      && row.bytes_out === largest.size, `was to name ${lostId}, ${lostKey}, grace and ${largest.size} bytes:\n${told}`);
    return { lines: Object.entries(row).map(([name, value]) => `${name.padEnd(12)} ${value}`) };
  });
  await vera('the page for people says so too', async () => {
    // Beside the run's folder, so that it stays when that goes.
    const page = `${store.localAws.folder}.html`;
    const { findings } = await askEverything(scene, page);
    const [missing] = findings.filter(({ question, state }) => question === 'reconciliation' && state === 'found');
    expect(missing !== undefined, `was to find what is missing: ${JSON.stringify(findings)}`);
    const found = findings.filter(({ state }) => state === 'found');
    return { detail: path.relative(process.cwd(), page), lines: found.map(({ severity, sentence }) => `${severity}: ${sentence}`) };
  });
}

async function verify(scene: Scene): Promise<Told> {
  const { whole, digestFiles, logFiles, problems } = await verifyTrail(scene);
  expect(whole, `the trail was to be whole: ${JSON.stringify(problems)}`);
  return { detail: `whole: ${formatCount(digestFiles, 'digest file')} for ${formatCount(logFiles, 'log file')}` };
}

async function deliver({ store }: Scene) {
  const { records, lines, dropped } = await deliverLogs(store.localAws.recorder!);
  return { detail: `${count(records)} records, ${count(lines)} lines`, dropped };
}

/** The report must have, under each person, exactly what that person received: the files on the disk, and what else was served. */
async function compareWithLedger({ ledger }: Scene, rows: readonly Egress[]): Promise<Told> {
  const problems: string[] = [];
  const lines = Object.entries(PEOPLE).map(([person, role]) => {
    const { files, filesServed, besides } = ledger.of(person);
    const reported = bytesOf(rows, person);
    if (filesServed !== files) {
      problems.push(`${person} has ${files} bytes of files, and was served ${filesServed}`);
    }
    if (reported !== files + besides) {
      problems.push(`${person} received ${files + besides} bytes, and the report has ${reported}`);
    }
    return [`${person}, ${role}`, count(files), count(besides), count(reported)];
  });
  const strangers = rows.filter(({ principal }) => !Object.hasOwn(PEOPLE, nameOf(principal)));
  problems.push(...strangers.map(({ principal, bytes_out: all }) => `${principal} has ${all} bytes in the report, and is none of them`));
  const unnamed = await ledger.servedToNobody();
  if (unnamed !== 0) {
    problems.push(`${unnamed} bytes were served while nobody was at work`);
  }
  expect(problems.length === 0, problems.join('\n'));
  return { lines: table([['PERSON', 'FILES, ON THE DISK', 'MANIFESTS AND SIGNATURES', 'IN THE REPORT'], ...lines], [1, 2, 3]) };
}

function bytesOf(rows: readonly Egress[], person: string): number {
  return rows.filter(({ principal }) => nameOf(principal) === person).reduce((sum, row) => sum + row.bytes_out, 0);
}

/** The person's name ends both forms of a principal: `<role>=<session>` of the trail, and the ARN of the access logs. */
function nameOf(principal: string): string {
  return principal.split(/[=/]/).pop()!;
}

function table(rows: readonly (readonly string[])[], alignRight: readonly number[]): string[] {
  return formatTable(rows, alignRight).trimEnd().split('\n');
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}
