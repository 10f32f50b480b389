import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import type { PullResult } from '../../../cli/src/pull/pull';
import type { PushResult } from '../../../cli/src/push/push';
import { proves } from '../../fidelity/proves';
import { onEveryEngine } from '../support/engine-bench';

const MIB = 2 ** 20;

onEveryEngine('The command line', (bench) => {
  const { engine } = bench.store.engine;
  const home = fs.mkdtempSync(path.join(tmpdir(), 'model-store-engine-'));
  const model = `cli-${randomBytes(4).toString('hex')}`;
  const folder = path.join(home, 'model');
  const files = { 'weights.safetensors': randomBytes(40 * MIB + 3), 'tokenizer/vocabulary.txt': Buffer.from('one\ntwo\n'), empty: Buffer.alloc(0) };

  beforeAll(() => {
    for (const [name, bytes] of Object.entries(files)) {
      fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      fs.writeFileSync(path.join(folder, name), bytes);
    }
  });
  afterAll(() => fs.rmSync(home, { recursive: true, force: true }));

  test('pushes a model of files of one part, of several parts and of no bytes; pulls and verifies it', async () => {
    const pushed = await bench.runJson<PushResult>('dataScientist', 'push', folder, `${model}@1.0.0`);
    expect(pushed).toMatchObject({ outcome: 'published', files: 3, sentFiles: 3, sentBytes: 40 * MIB + 11 });

    const pulled = path.join(home, 'pulled');
    expect(await bench.runJson<PullResult>('pipeline', 'pull', `${model}@1.0.0`, pulled)).toMatchObject({
      version: '1.0.0', receivedFiles: 3, manifestSha256: pushed.manifestSha256,
    });
    for (const [name, bytes] of Object.entries(files)) {
      expect({ name, same: fs.readFileSync(path.join(pulled, name)).equals(bytes) }).toEqual({ name, same: true });
    }
    expect(await bench.run('pipeline', 'verify', pulled, '--model', `${model}@1.0.0`)).toMatchObject({ exitCode: 0 });
    proves(engine, 's3.multipart.checksum-sha256-composite', 's3.head.checksum-mode');
  });
});
