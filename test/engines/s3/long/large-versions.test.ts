import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import type { PullResult } from '../../../../cli/src/transfer/pull';
import type { PushResult } from '../../../../cli/src/transfer/push';
import { proves } from '../../../fidelity/proves';
import { onEveryEngine } from '../../support/engine-bench';

const GIB = 2 ** 30;
const MINUTES = 60_000;

onEveryEngine('The command line', (bench) => {
  const { engine } = bench.store.engine;
  const model = `long-${randomBytes(4).toString('hex')}`;
  let home: string;

  beforeEach(() => {
    home = fs.mkdtempSync(path.join(tmpdir(), 'model-store-long-'));
  });
  afterEach(() => fs.rmSync(home, { recursive: true, force: true }));

  const push = async (folder: string, name: string) =>
    bench.runJson<PushResult>('dataScientist', 'push', folder, `${name}@1`);
  const pull = async (name: string, folder: string) =>
    bench.runJson<PullResult>('pipeline', 'pull', `${name}@1`, folder);

  test(
    'pushes and pulls a version with 10,000 files',
    async () => {
      const [sent, received] = [path.join(home, 'sent'), path.join(home, 'received')];
      const names = Array.from({ length: 10_000 }, (_value, index) =>
        path.join(`shard-${index % 100}`, `file-${index}.bin`),
      );
      for (const [index, name] of names.entries()) {
        fs.mkdirSync(path.dirname(path.join(sent, name)), { recursive: true });
        fs.writeFileSync(path.join(sent, name), `${index}`);
      }

      expect(await push(sent, `${model}-many`)).toMatchObject({
        outcome: 'published',
        files: 10_000,
        sentFiles: 10_000,
      });
      expect(await pull(`${model}-many`, received)).toMatchObject({ receivedFiles: 10_000 });

      const wrong = names.filter((name, index) => fs.readFileSync(path.join(received, name), 'utf8') !== `${index}`);
      expect(wrong).toEqual([]);
      expect(await push(sent, `${model}-many`)).toMatchObject({ outcome: 'unchanged', sentFiles: 0 });
      proves(engine, 's3.put.if-none-match', 's3.head.checksum-mode');
    },
    20 * MINUTES,
  );

  test(
    'pushes and pulls a file of 3 GiB',
    async () => {
      const [sent, received] = [path.join(home, 'sent'), path.join(home, 'received')];
      fs.mkdirSync(sent);
      const file = fs.openSync(path.join(sent, 'weights.bin'), 'w');
      // Random at the beginning of each part, so that no two parts are the same.
      for (let offset = 0; offset < 3 * GIB; offset += 16 * 2 ** 20) {
        fs.writeSync(file, randomBytes(4_096), 0, 4_096, offset);
      }
      fs.ftruncateSync(file, 3 * GIB);
      fs.closeSync(file);

      expect(await push(sent, `${model}-large`)).toMatchObject({ outcome: 'published', files: 1, sentBytes: 3 * GIB });
      expect(await pull(`${model}-large`, received)).toMatchObject({ receivedFiles: 1 });

      // The pull checked every byte against the digest; this checks that the file is the one that was sent.
      expect(fs.statSync(path.join(received, 'weights.bin')).size).toBe(3 * GIB);
      expect(await bench.run('pipeline', 'verify', received, '--model', `${model}-large@1`)).toMatchObject({
        exitCode: 0,
      });
      proves(engine, 's3.multipart.checksum-sha256-composite', 's3.get.range');
    },
    20 * MINUTES,
  );
});
