import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { MODELS_FOLDER } from '../../test/local/rig/paths';
import { runCommand } from '../../test/local/rig/run-command';

/** A voice-activity model (MIT licence), in three formats: https://pypi.org/project/silero-vad/6.2.3/ */
const WHEEL = 'silero_vad-6.2.3-py3-none-any.whl';
const WHEEL_SHA256 = '7b7f5436cfcb02fae583a05b512ea96467fd449fe54cb49a5e4f06c51a1e43b8';
const REQUIREMENT = 'silero-vad==6.2.3';
const MODEL_FILES = /\.(onnx|safetensors|jit)$/;

/** Downloads the model once, and answers with the folder of its files. */
export async function sileroVad(python: string): Promise<string> {
  const folder = path.join(MODELS_FOLDER, 'silero-vad-6.2.3');
  if (fs.existsSync(folder)) {
    return folder;
  }
  fs.mkdirSync(MODELS_FOLDER, { recursive: true });
  const workFolder = fs.mkdtempSync(path.join(MODELS_FOLDER, 'download-'));
  try {
    await runCommand(python, ['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', '--no-deps', '--dest', workFolder, REQUIREMENT]);
    const wheel = path.join(workFolder, WHEEL);
    const sha256 = crypto.createHash('sha256').update(fs.readFileSync(wheel)).digest('hex');
    if (sha256 !== WHEEL_SHA256) {
      throw new Error(`${WHEEL} has the SHA-256 ${sha256}; the one this demo was written for has ${WHEEL_SHA256}`);
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

/** Every file below a folder: its path relative to it, and its size in bytes. */
export function filesOf(folder: string): { path: string; size: number }[] {
  return fs.readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name))
    .filter((file) => fs.statSync(file).isFile())
    .map((file) => ({ path: path.relative(folder, file).split(path.sep).join('/'), size: fs.statSync(file).size }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The sizes of the folder's files by their SHA-256, but for what `besides` begins; what is the same is there once. */
export async function contentsOf(folder: string, besides?: string): Promise<Map<string, number>> {
  const contents = new Map<string, number>();
  for (const { path: name, size } of filesOf(folder)) {
    if (besides === undefined || !name.startsWith(besides)) {
      contents.set(await sha256Of(path.join(folder, name)), size);
    }
  }
  return contents;
}

/** How two folders differ, in words; empty if they hold the same files with the same bytes, but for what `besides` begins. */
export async function differences(expected: string, actual: string, besides: string): Promise<string[]> {
  const before = filesOf(expected);
  const after = filesOf(actual).filter((file) => !file.path.startsWith(besides));
  const [expectedNames, actualNames] = [before, after].map((files) => new Set(files.map((file) => file.path)));
  const found = [
    ...[...expectedNames].filter((name) => !actualNames.has(name)).map((name) => `${name} is missing`),
    ...[...actualNames].filter((name) => !expectedNames.has(name)).map((name) => `${name} is there without having been pushed`),
  ];
  for (const name of [...expectedNames].filter((one) => actualNames.has(one))) {
    const [one, other] = await Promise.all([sha256Of(path.join(expected, name)), sha256Of(path.join(actual, name))]);
    if (one !== other) {
      found.push(`${name} has other bytes`);
    }
  }
  return found;
}

async function sha256Of(file: string): Promise<string> {
  const hash = crypto.createHash('sha256');
  for await (const chunk of fs.createReadStream(file)) {
    hash.update(chunk as Buffer);
  }
  return hash.digest('hex');
}
