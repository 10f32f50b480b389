import { spawnSync } from 'node:child_process';
import { createCipheriv, createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { type Errand, type ErrandResult, ROW_PRINCIPAL } from './errand';

/** As it is published, beside this file. */
const COMMAND_LINE = path.join(__dirname, 'model-store.js');
/** The response of a custom resource has to fit into 4 KB. */
const LONGEST_FAILURE = 500;

const sts = new STSClient({});

/** Acts as a user: assumes one of the store's roles and runs the published command line. */
export async function handler(errand: Errand): Promise<ErrandResult> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'errand-'));
  try {
    const environment = { ...process.env, ...await credentialsOf(errand), HOME: folder };
    makeFiles(path.join(folder, 'model'), errand.files ?? {});
    const runs = errand.commands.map((words) =>
      spawnSync(process.execPath, [COMMAND_LINE, ...words], { cwd: folder, env: environment, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 }));
    return {
      exitCodes: runs.map(({ status }) => status ?? -1),
      pulledFiles: filesOf(path.join(folder, 'pulled')).length,
      same: filesOf(path.join(folder, 'model')).join() === filesOf(path.join(folder, 'pulled')).join(),
      ...(errand.row && { found: hasRow(runs.at(-1)!.stdout, errand.row) }),
      failures: runs.filter(({ status }) => status !== 0).map(({ stderr }) => stderr.slice(-LONGEST_FAILURE)),
    };
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

async function credentialsOf({ roleArn, person }: Errand): Promise<NodeJS.ProcessEnv> {
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: person }));
  return {
    AWS_ACCESS_KEY_ID: Credentials!.AccessKeyId,
    AWS_SECRET_ACCESS_KEY: Credentials!.SecretAccessKey,
    AWS_SESSION_TOKEN: Credentials!.SessionToken,
  };
}

/** Bytes that nothing compresses and every run has again. */
function makeFiles(folder: string, sizes: { readonly [name: string]: number }): void {
  for (const [name, size] of Object.entries(sizes)) {
    const file = path.join(folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    const key = createHash('sha256').update(name).digest();
    fs.writeFileSync(file, createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(size)));
  }
}

/** Names and hashes of the files of a model, without the records of the command line. */
function filesOf(folder: string): string[] {
  if (!fs.existsSync(folder)) {
    return [];
  }
  return fs.readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => !path.relative(folder, file).split(path.sep).some((part) => part.startsWith('.')))
    .map((file) => `${path.relative(folder, file)} ${createHash('sha256').update(fs.readFileSync(file)).digest('hex')}`)
    .sort();
}

function hasRow(answer: string, { person, atLeastBytesOut }: NonNullable<Errand['row']>): boolean {
  try {
    const { rows } = JSON.parse(answer) as { rows: { principal: string; bytes_out: number | string }[] };
    return rows.some((row) => ROW_PRINCIPAL(person).test(row.principal) && BigInt(row.bytes_out) >= BigInt(atLeastBytesOut));
  } catch {
    return false;
  }
}
