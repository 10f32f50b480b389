import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as readline from 'node:readline';
import { withLock } from '../local/rig/lock';
import { LOCAL_AWS_FOLDER } from '../local/rig/paths';
import { runCommand } from '../local/rig/run-command';

const SOURCES = path.join(__dirname, 'trino');
const FOLDER = path.join(LOCAL_AWS_FOLDER, 'trino');
const JARS = path.join(FOLDER, 'jars');
const CLASSES = path.join(FOLDER, 'classes');
const CLASS_PATH = [CLASSES, path.join(JARS, '*')].join(path.delimiter);

/** The engine, as tests record what they proved on it. */
export const TRINO = { name: 'Trino', version: '435' } as const;
/** The readers of files, likewise. */
export const HIVE = { name: 'Apache Hive SerDe', version: '3.1.2' } as const;

const NEEDED =
  'Trino, the engine of Athena, needs a JDK of version 17 or newer and Maven on the PATH ' +
  '(on Debian and Ubuntu: apt install openjdk-17-jdk-headless maven)';

/** Whether Trino can run here. With CI=true, throws an error that names what is missing. */
export function hasTrino(): boolean {
  const missing = [
    ['javac', '-version'],
    ['mvn', '-version'],
  ].filter(([command, version]) => spawnSync(command, [version]).status !== 0);
  if (missing.length === 0) {
    return true;
  }
  if (process.env.CI === 'true') {
    throw new Error(`cannot find ${missing.map(([command]) => command).join(' and ')}; ${NEEDED}`);
  }
  process.stderr.write(`skipped: the audit's views and queries on Trino. ${NEEDED}\n`);
  return false;
}

/** Installs Trino and Hive from Maven Central and compiles the program that runs them; again only if either changed. */
async function ensureTrino(): Promise<void> {
  const sources = fs
    .readdirSync(SOURCES)
    .sort()
    .map((file) => path.join(SOURCES, file));
  const fingerprint = sources
    .reduce((hash, file) => hash.update(fs.readFileSync(file)), crypto.createHash('sha256'))
    .digest('hex');
  const marker = path.join(FOLDER, 'installed');
  await withLock(path.join(LOCAL_AWS_FOLDER, 'trino.lock'), async () => {
    if (fs.existsSync(marker) && fs.readFileSync(marker, 'utf8') === fingerprint) {
      return;
    }
    fs.rmSync(FOLDER, { recursive: true, force: true });
    fs.mkdirSync(FOLDER, { recursive: true });
    await runCommand('mvn', [
      '--quiet',
      '--batch-mode',
      '--file',
      path.join(SOURCES, 'pom.xml'),
      'dependency:copy-dependencies',
      `-DoutputDirectory=${JARS}`,
      '-DincludeScope=runtime',
    ]);
    await runCommand('javac', [
      '--release',
      '17',
      '-nowarn',
      '-cp',
      path.join(JARS, '*'),
      '-d',
      CLASSES,
      ...sources.filter((file) => file.endsWith('.java')),
    ]);
    fs.writeFileSync(marker, fingerprint);
  });
}

/** A Glue database: the TableInput of each table and view, and the folder in place of each bucket. */
export interface Database {
  readonly name: string;
  readonly tables: readonly object[];
  readonly buckets: { readonly [name: string]: string };
}

export interface TrinoAnswer {
  readonly columns: readonly (readonly [name: string, type: string])[];
  readonly rows: readonly (readonly unknown[])[];
  /** The partitions whose files were read. */
  readonly partitions: readonly { readonly [key: string]: string }[];
}

interface Asking {
  readonly resolve: (answer: never) => void;
  readonly reject: (error: Error) => void;
}

/** Trino in one Java process, which reads log files as the tables of a template describe them. */
export class Trino {
  /** Starts it; that takes some seconds. It ends with the process that started it. */
  static async start(): Promise<Trino> {
    await ensureTrino();
    return new Trino(
      spawn(
        'java',
        [
          '-Xmx2g',
          '-Xshare:auto',
          '-XX:+UseSerialGC',
          '-Djava.util.logging.config.file=/dev/null',
          '--add-opens=java.base/java.nio=ALL-UNNAMED',
          '-cp',
          CLASS_PATH,
          'AthenaStandIn',
        ],
        { stdio: ['pipe', 'pipe', 'pipe'] },
      ),
    );
  }

  private readonly waiting: Asking[] = [];
  private complaints = '';

  private constructor(private readonly child: ChildProcessWithoutNullStreams) {
    child.stderr
      .setEncoding('utf8')
      .on('data', (text: string) => (this.complaints = `${this.complaints}${text}`.slice(-4_000)));
    readline.createInterface({ input: child.stdout }).on('line', (line) => {
      const { answer, error } = JSON.parse(line) as { answer?: unknown; error?: string };
      const { resolve, reject } = this.waiting.shift()!;
      if (error === undefined) resolve(answer as never);
      else reject(new Error(error));
    });
    child.once('close', () =>
      this.waiting.splice(0).forEach(({ reject }) => reject(new Error(`Trino ended: ${this.complaints}`))),
    );
    // It must not keep the test run alive.
    child.unref();
    [child.stdin, child.stdout, child.stderr].forEach((stream) => (stream as unknown as { unref(): void }).unref());
  }

  /** Makes this the database that queries are about. */
  async open(database: Database): Promise<void> {
    await this.ask({ open: database });
  }

  /** Runs a statement of the database, with its parameters as strings, as Athena takes them. */
  async query(sql: string, parameters: readonly string[] = []): Promise<TrinoAnswer> {
    return this.ask({ query: { sql, parameters } });
  }

  stop(): void {
    this.child.stdin.end();
  }

  private ask<T>(request: object): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.waiting.push({ resolve: resolve as Asking['resolve'], reject });
      this.child.stdin.write(`${JSON.stringify(request)}\n`);
    });
  }
}
