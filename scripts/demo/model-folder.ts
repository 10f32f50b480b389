import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { MODELS_FOLDER } from '../../test/local/rig/paths';
import { runCommand } from '../../test/local/rig/run-command';

/** A voice activity detection model (MIT license) in three formats: https://pypi.org/project/silero-vad/6.2.3/ */
const WHEEL = 'silero_vad-6.2.3-py3-none-any.whl';
const WHEEL_SHA256 = '7b7f5436cfcb02fae583a05b512ea96467fd449fe54cb49a5e4f06c51a1e43b8';
const REQUIREMENT = 'silero-vad==6.2.3';
const MODEL_FILES = /\.(onnx|safetensors|jit)$/;

/** Downloads the model, if it has not been downloaded yet, and returns its folder. */
export async function sileroVad(python: string): Promise<string> {
  const folder = path.join(MODELS_FOLDER, 'silero-vad-6.2.3');
  if (fs.existsSync(folder)) {
    return folder;
  }
  fs.mkdirSync(MODELS_FOLDER, { recursive: true });
  const workFolder = fs.mkdtempSync(path.join(MODELS_FOLDER, 'download-'));
  try {
    const download = ['download', '--quiet', '--disable-pip-version-check', '--no-deps', '--dest', workFolder];
    await runCommand(python, ['-m', 'pip', ...download, REQUIREMENT]);
    const wheel = path.join(workFolder, WHEEL);
    const sha256 = crypto.createHash('sha256').update(fs.readFileSync(wheel)).digest('hex');
    if (sha256 !== WHEEL_SHA256) {
      throw new Error(`${WHEEL} has the SHA-256 ${sha256}; expected ${WHEEL_SHA256}`);
    }
    const unpacked = path.join(workFolder, 'unpacked');
    await runCommand(python, ['-m', 'zipfile', '-e', wheel, unpacked]);
    const data = path.join(unpacked, 'silero_vad', 'data');
    const chosen = path.join(workFolder, 'chosen');
    fs.mkdirSync(chosen);
    for (const name of fs.readdirSync(data).filter((one) => MODEL_FILES.test(one))) {
      fs.renameSync(path.join(data, name), path.join(chosen, name));
    }
    fs.renameSync(chosen, folder);
  } finally {
    fs.rmSync(workFolder, { recursive: true, force: true });
  }
  return folder;
}

/** Lists all files in a folder, with their relative path and size in bytes. */
export function filesOf(folder: string): { path: string; size: number }[] {
  return fs.readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name))
    .filter((file) => fs.statSync(file).isFile())
    .map((file) => ({ path: path.relative(folder, file).split(path.sep).join('/'), size: fs.statSync(file).size }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Folder in which a pull stores its record and the signature. */
const RECORD_FOLDER = '.model-store/';

/** Lists the files of a model with their SHA-256, without the record of a pull. */
export async function contentOf(folder: string): Promise<{ path: string; size: number; sha256: string }[]> {
  const files = filesOf(folder).filter((file) => !file.path.startsWith(RECORD_FOLDER));
  return Promise.all(files.map(async (file) => ({ ...file, sha256: await sha256Of(path.join(folder, file.path)) })));
}

/** Returns the differences between a pushed and a pulled folder; empty if files and contents are identical. */
export async function differences(pushed: string, pulled: string): Promise<string[]> {
  const [before, after] = await Promise.all([pushed, pulled].map(async (folder) =>
    new Map((await contentOf(folder)).map((file) => [file.path, file.sha256]))));
  const paths = [...new Set([...before.keys(), ...after.keys()])];
  return paths.filter((name) => before.get(name) !== after.get(name)).map((name) =>
    `${name} ${!after.has(name) ? 'is missing' : !before.has(name) ? 'was never pushed' : 'has different content'}`);
}

/** Copies the folder and appends a byte to its smallest file. */
export function changeOneFile(folder: string, copy: string): void {
  fs.cpSync(folder, copy, { recursive: true, mode: fs.constants.COPYFILE_FICLONE });
  const smallest = path.join(copy, filesOf(copy).reduce((a, b) => (b.size < a.size ? b : a)).path);
  fs.chmodSync(smallest, 0o600);
  fs.appendFileSync(smallest, '\0');
}

async function sha256Of(file: string): Promise<string> {
  const hash = crypto.createHash('sha256');
  for await (const chunk of fs.createReadStream(file)) {
    hash.update(chunk as Buffer);
  }
  return hash.digest('hex');
}
