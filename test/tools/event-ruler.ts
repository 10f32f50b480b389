import { spawn, spawnSync } from 'node:child_process';
import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { withLock } from '../local/rig/lock';
import { LOCAL_AWS_FOLDER } from '../local/rig/paths';
import { runCommand } from '../local/rig/run-command';

const SOURCES = path.join(__dirname, 'event-ruler');
const FOLDER = path.join(LOCAL_AWS_FOLDER, 'event-ruler');
const CLASS_PATH = [path.join(FOLDER, 'classes'), path.join(FOLDER, 'jars', '*')].join(path.delimiter);

const NEEDED = 'EventBridge\'s own matcher (Event Ruler) needs a JDK of version 17 or newer and Maven on the PATH '
  + '(on Debian and Ubuntu: apt install openjdk-17-jdk-headless maven)';

/** Whether patterns can be tested here. With CI set, throws an error that names what is missing. */
export function hasEventRuler(): boolean {
  const missing = [['javac', '-version'], ['mvn', '-version']].filter(([command, version]) => spawnSync(command, [version]).status !== 0);
  if (missing.length === 0) {
    return true;
  }
  if (process.env.CI === 'true') {
    throw new Error(`${missing.map(([command]) => command).join(' and ')} is not to be had; ${NEEDED}`);
  }
  process.stderr.write(`skipped: the proof of EventBridge's patterns. ${NEEDED}\n`);
  return false;
}

/** Event Ruler from Maven Central and the program that calls it; created once, and again when either changes. */
async function ensureEventRuler(): Promise<void> {
  const sources = ['pom.xml', 'Matcher.java'].map((file) => path.join(SOURCES, file));
  const fingerprint = sources.reduce((hash, file) => hash.update(fs.readFileSync(file)), crypto.createHash('sha256')).digest('hex');
  const marker = path.join(FOLDER, 'installed');
  await withLock(path.join(LOCAL_AWS_FOLDER, 'event-ruler.lock'), async () => {
    if (fs.existsSync(marker) && fs.readFileSync(marker, 'utf8') === fingerprint) {
      return;
    }
    fs.rmSync(FOLDER, { recursive: true, force: true });
    fs.mkdirSync(FOLDER, { recursive: true });
    const [pom, matcher] = sources;
    const jars = path.join(FOLDER, 'jars');
    await runCommand('mvn', [
      '--quiet', '--batch-mode', '--file', pom, 'dependency:copy-dependencies', `-DoutputDirectory=${jars}`, '-DincludeScope=runtime',
    ]);
    await runCommand('javac', ['--release', '17', '-cp', path.join(jars, '*'), '-d', path.join(FOLDER, 'classes'), matcher]);
    fs.writeFileSync(marker, fingerprint);
  });
}

interface Question {
  readonly pattern: object;
  readonly event: object;
}

/** What EventBridge says to each: whether it matches, or why it would not take the pattern. One Java process for all. */
async function askEventRuler(questions: readonly Question[]): Promise<(boolean | string)[]> {
  await ensureEventRuler();
  const child = spawn('java', ['-Xshare:auto', '-XX:TieredStopAtLevel=1', '-cp', CLASS_PATH, 'Matcher'], { stdio: ['pipe', 'pipe', 'pipe'] });
  let answers = '';
  let complaints = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (answers += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
  child.stdin.end(questions.map((question) => `${JSON.stringify(question)}\n`).join(''));
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
  const lines = answers.trimEnd().split('\n').filter((line) => line !== '');
  if (code !== 0 || lines.length !== questions.length) {
    throw new Error(`Event Ruler ended with exit code ${code} after ${lines.length} of ${questions.length} answers: ${complaints}`);
  }
  return lines.map((line) => {
    const { matches, error } = JSON.parse(line) as { matches?: boolean; error?: string };
    return error ?? matches!;
  });
}

/** The rules of each event that match it, in EventBridge's own reading. */
export async function matchingRules(rules: ReadonlyMap<string, object>, events: readonly object[]): Promise<string[][]> {
  const answers = await askEventRuler(events.flatMap((event) => [...rules.values()].map((pattern) => ({ pattern, event }))));
  const names = [...rules.keys()];
  return events.map((_event, index) => names.filter((name, at) => {
    const answer = answers[index * names.length + at];
    if (typeof answer === 'string') throw new Error(`EventBridge would refuse the pattern of ${name}: ${answer}`);
    return answer;
  }));
}
