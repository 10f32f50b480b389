import * as fs from 'node:fs';
import * as path from 'node:path';
import { expectSameAnswers, trino } from './support/both-engines';
import { askBy } from '../../audit/support/evidence';
import { proves } from '../../fidelity/proves';
import { hasTrino, TRINO } from '../../tools/trino';

/** Every test of the audit's SQL, with Trino asked about the same evidence: a difference from DuckDB fails the test. */
const FOLDER = path.join(__dirname, '..', '..', 'audit', 'queries');
const FILES = fs
  .readdirSync(FOLDER)
  .filter((file) => file.endsWith('.test.ts'))
  .sort();

(hasTrino() ? describe : describe.skip)('on Trino and DuckDB alike', () => {
  askBy(expectSameAnswers);
  afterAll(async () => (await trino()).stop());

  for (const file of FILES) {
    describe(file, () => {
      // eslint-disable-next-line @typescript-eslint/no-require-imports
      require(path.join(FOLDER, file));
    });
  }

  test('all of them were run', () => {
    expect(FILES).toContain('behaviour.test.ts');
    proves(TRINO, 'athena.named-queries', 'athena.views');
  });
});
