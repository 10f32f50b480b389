import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { parseArgs } from 'node:util';
import { formatTable } from '../cli/src/runtime/format';
import { NOVEMBER } from '../test/support/audit/ordinary-month';
import { writeLogArchive, type WrittenArchive } from '../test/support/audit/write-log-archive';

const ROOT = path.resolve(__dirname, '..');
const MIB = 2 ** 20;
const BUNDLE = path.join(ROOT, 'cli/dist/model-store.js');
const DAYS = ['--from', '2026-11-01', '--to', '2026-11-30'];
const POLL_MILLISECONDS = 20;

const USAGE = `npx tsx bench/audit.ts [events …] [--keep]

Writes a month of CloudTrail data events (1,000,000 by default) in the format that CloudTrail delivers, and measures
how long it takes to decompress them with zcat, to sum the downloaded bytes per principal with zcat | jq, with plain
Python, with plain DuckDB and with the bundled command line (npm run bundle), also from its cache and when a day is
added to it, and to create the whole report as HTML. If several numbers are given, the other tools are only measured for the first. Prints wall time,
CPU time and memory. With --keep, the logs are kept in the temporary folder.
`;

const JQ = `zcat "$@" | jq -c '.Records[]
  | select(.eventSource == "s3.amazonaws.com" and .eventName == "GetObject" and .errorCode == null)
  | [.userIdentity.sessionContext.sourceIdentity // .userIdentity.arn,
     .additionalEventData.bytesTransferredOut // 0]' \\
  | jq -n 'reduce inputs as [$who, $bytes] ({}; .[$who] += $bytes)'`;

const PYTHON = `
import gzip, json, sys, collections
taken = collections.Counter()
for name in sys.stdin.read().split():
    with gzip.open(name) as log:
        for record in json.load(log)["Records"]:
            event = (record["eventSource"], record["eventName"], record.get("errorCode"))
            if event == ("s3.amazonaws.com", "GetObject", None):
                identity = record["userIdentity"]
                who = identity.get("sessionContext", {}).get("sourceIdentity") or identity.get("arn")
                taken[who] += (record.get("additionalEventData") or {}).get("bytesTransferredOut", 0)
for who, size in taken.most_common():
    print(who, int(size))
`;

const DUCKDB = `
const { DuckDBInstance } = require(process.argv[1]);
DuckDBInstance.create(':memory:', { threads: process.argv[3] }).then(async (instance) => {
  const connection = await instance.connect();
  const result = await connection.runAndReadAll(\`
    SELECT coalesce(r.userIdentity.sessionContext.sourceIdentity, r.userIdentity.arn) AS who,
      CAST(sum(r.additionalEventData.bytesTransferredOut) AS bigint) AS bytes
    FROM (
      SELECT unnest(Records) AS r FROM read_json(
        '\${process.argv[2]}/**/*.json.gz', maximum_object_size = 268435456, columns = { Records: 'STRUCT(
          eventSource VARCHAR, eventName VARCHAR, errorCode VARCHAR,
          userIdentity STRUCT(arn VARCHAR, sessionContext STRUCT(sourceIdentity VARCHAR)),
          additionalEventData STRUCT(bytesTransferredOut DOUBLE)
        )[]' }
      )
    )
    WHERE r.eventSource = 's3.amazonaws.com' AND r.eventName = 'GetObject' AND r.errorCode IS NULL
    GROUP BY who ORDER BY bytes DESC\`);
  result.getRowsJson().forEach((row) => console.log(row.join(' ')));
});
`;

interface Measured {
  readonly seconds: number;
  readonly processorSeconds: number;
  readonly peakBytes: number;
  readonly output: string;
}

/** Ticks per second of process times in /proc (USER_HZ), which is 100 on current Linux platforms. */
const TICKS_A_SECOND = 100;

interface ProcessState {
  readonly residentBytes: number;
  readonly seconds: number;
}

/** Current memory and CPU time of a process and its descendants. */
function stateOf(pid: number): ProcessState {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const children = fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    const below = children === '' ? [] : children.split(' ').map((child) => stateOf(Number(child)));
    return {
      residentBytes: Number(fields[21]) * 4096 + below.reduce((sum, { residentBytes }) => sum + residentBytes, 0),
      // Own time, plus that of children that have exited and were waited for.
      seconds: fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / TICKS_A_SECOND
        + below.reduce((sum, { seconds }) => sum + seconds, 0),
    };
  } catch {
    return { residentBytes: 0, seconds: 0 };
  }
}

async function measure(
  command: string, args: readonly string[], input = '', variables: NodeJS.ProcessEnv = {},
): Promise<Measured> {
  const started = process.hrtime.bigint();
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, ...variables, NODE_OPTIONS: '' } });
  let peakBytes = 0;
  let processorSeconds = 0;
  const watch = setInterval(() => {
    const { residentBytes, seconds } = stateOf(child.pid!);
    peakBytes = Math.max(peakBytes, residentBytes);
    processorSeconds = Math.max(processorSeconds, seconds);
  }, POLL_MILLISECONDS);
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => { output += text; });
  child.stdin.end(input);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  clearInterval(watch);
  if (code !== 0) {
    throw new Error(`${command} ended with ${code}`);
  }
  return { seconds: Number(process.hrtime.bigint() - started) / 1e9, processorSeconds, peakBytes, output };
}

function filesBelow(folder: string): string[] {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(file) : [file];
  }).sort();
}

function archiveOf(events: number, folder: string): WrittenArchive {
  const marker = path.join(folder, `${events}.json`);
  if (!fs.existsSync(marker)) {
    process.stderr.write(`writing ${events.toLocaleString('en-US')} events …\n`);
    fs.writeFileSync(
      marker, JSON.stringify(writeLogArchive(path.join(folder, String(events)), { ...NOVEMBER, events })),
    );
  }
  return JSON.parse(fs.readFileSync(marker, 'utf8')) as WrittenArchive;
}

const isInstalled = (command: string) => (process.env.PATH ?? '').split(path.delimiter)
  .some((folder) => fs.existsSync(path.join(folder, command)));

/** Extracts the total bytes from each output, to check that all tools compute the same result. */
const totals: { readonly [way: string]: (output: string) => number } = {
  jq: (output) => Object.values(JSON.parse(output) as { [who: string]: number }).reduce((sum, bytes) => sum + bytes, 0),
  duckdb: (output) => totals.python(output),
  python: (output) => output.trim().split('\n').reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0),
  query: (output) => (JSON.parse(output) as { rows: { bytes_out: number; bookkeeping_bytes: number }[] }).rows
    .reduce((sum, { bytes_out, bookkeeping_bytes }) => sum + bytes_out + bookkeeping_bytes, 0),
};

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true, options: { keep: { type: 'boolean' }, help: { type: 'boolean' } },
  });
  const sizes = positionals.length === 0 ? [1_000_000] : positionals.map(Number);
  if (values.help || !sizes.every((size) => Number.isSafeInteger(size) && size > 0)) {
    process.stdout.write(USAGE);
    return values.help ? 0 : 2;
  }
  if (!fs.existsSync(BUNDLE)) {
    throw new Error(`${BUNDLE} does not exist: run npx tsx scripts/bundle.ts`);
  }
  const folder = values.keep
    ? path.join(os.tmpdir(), 'bench-audit')
    : fs.mkdtempSync(path.join(os.tmpdir(), 'bench-audit-'));
  fs.mkdirSync(folder, { recursive: true });
  try {
    const [processor] = os.cpus();
    process.stdout.write(`${os.cpus().length} × ${processor.model}, load ${os.loadavg()[0].toFixed(1)} before\n`);
    for (const [index, size] of sizes.entries()) {
      const { folder: logs, files, events, jsonBytes, gzipBytes } = archiveOf(size, folder);
      fs.rmSync(path.join(folder, 'cache'), { recursive: true, force: true });
      const rows: string[][] = [['', 'WALL S', 'CPU S', 'CPU µS/EVENT', 'PEAK MIB']];
      const found = new Map<string, number>();
      const add = async (name: string, way: string | undefined, run: () => Promise<Measured>) => {
        const { seconds, processorSeconds, peakBytes, output } = await run();
        rows.push([
          name, seconds.toFixed(1), processorSeconds.toFixed(1), (processorSeconds / events * 1e6).toFixed(1),
          String(Math.round(peakBytes / MIB)),
        ]);
        if (way !== undefined) {
          found.set(name, totals[way](output));
        }
      };
      const names = filesBelow(logs);
      if (index === 0) {
        await add('decompression only, zcat on every core', undefined, async () =>
          measure('sh', ['-c', `xargs -n 100 -P ${os.cpus().length} zcat > /dev/null`], names.join('\n')));
        if (isInstalled('jq')) {
          await add(
            'bytes by principal, zcat | jq',
            'jq',
            async () => measure('sh', ['-c', JQ.replace('zcat "$@"', 'xargs zcat')], names.join('\n')),
          );
        } else {
          process.stdout.write('jq is not installed: skipped\n');
        }
        await add(
          'bytes by principal, Python', 'python', async () => measure('python3', ['-c', PYTHON], names.join('\n')),
        );
      }
      if (index === 0) {
        const duckDb = require.resolve('@duckdb/node-api');
        await add('bytes by principal, plain DuckDB', 'duckdb', async () =>
          measure(process.execPath, ['-e', DUCKDB, duckDb, logs, String(os.cpus().length)]));
      }
      const audit = [BUNDLE, 'audit'];
      const query = [...audit, 'query', 'egress-by-principal', '--logs', logs, ...DAYS, '--json', '--quiet'];
      await add('bytes by principal, model-store audit', 'query', async () => measure(process.execPath, query));
      const cached = async () =>
        measure(process.execPath, [...query, '--cache'], '', { XDG_CACHE_HOME: path.join(folder, 'cache') });
      const lastDay = path.dirname(names.at(-1)!);
      const hidden = path.join(folder, 'last-day');
      fs.renameSync(lastDay, hidden);
      try {
        await add('the same with --cache, without the last day', undefined, cached);
      } finally {
        fs.renameSync(hidden, lastDay);
      }
      await add('the same with --cache, when the last day is added', 'query', cached);
      await add('the same with --cache, again', 'query', cached);
      const page = path.join(folder, `report-${size}.html`);
      await add('the whole report, model-store audit report --html', undefined, async () =>
        measure(process.execPath, [...audit, 'report', '--logs', logs, ...DAYS, '--html', page, '--json', '--quiet']));
      process.stdout.write(`\n${events.toLocaleString('en-US')} events in ${files.toLocaleString('en-US')} files: `
        + `${Math.round(gzipBytes / MIB)} MiB, `
        + `decompressed ${Math.round(jsonBytes / MIB)} MiB\n${formatTable(rows, [1, 2, 3, 4])}`);
      if (new Set(found.values()).size > 1) {
        throw new Error(`the totals differ: ${[...found].map(([name, bytes]) => `${name}: ${bytes}`).join('; ')}`);
      }
    }
    return 0;
  } finally {
    if (!values.keep) {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  }
}

main().then((code) => { process.exitCode = code; }, (error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
