import * as fs from 'node:fs';
import * as path from 'node:path';
import { expectSameAnswers, trino } from './support/both-engines';
import { askBy } from '../../audit/support/evidence';
import { proves } from '../../fidelity/proves';
import { hasTrino, TRINO } from '../../tools/trino';

/** Every test of the audit SQL, with the same evidence queried on Trino: a difference from DuckDB fails the test. */
const FOLDER = path.join(__dirname, '..', '..', 'audit', 'queries');
const FILES = fs
  .readdirSync(FOLDER)
  .filter((file) => file.endsWith('.test.ts'))
  .sort();

(hasTrino() ? describe : describe.skip)('on Trino and DuckDB', () => {
  askBy(expectSameAnswers);
  afterAll(async () => (await trino()).stop());

  for (const file of FILES) {
    describe(file, () => {
      // eslint-disable-next-line @typescript-eslint/no-require-imports
      require(path.join(FOLDER, file));
    });
  }

  test('all queries were run', () => {
    expect(FILES).toContain('behaviour.test.ts');
    proves(TRINO, 'athena.named-queries', 'athena.views');
  });
});
