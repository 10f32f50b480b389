import * as fs from 'node:fs';
import * as path from 'node:path';
import { expectSameAnswers, trino } from './both-engines';
import { askBy } from '../../../audit/support/evidence';

/** Tests of the audit SQL about who made a request. They take as long as all others, so they are a suite of their own. */
const ABOUT_CALLERS = [
  'callers.test.ts', 'disguises.test.ts', 'missing-values.test.ts', 'principals.test.ts', 'unnamed-sessions.test.ts',
];

const FOLDER = path.join(__dirname, '..', '..', '..', 'audit', 'queries');
const FILES = fs.readdirSync(FOLDER).filter((file) => file.endsWith('.test.ts')).sort();

/** Declares the tests of the audit SQL, with the same evidence on Trino: a difference from DuckDB fails the test. */
export function queryTestsOnBothEngines(which: 'about callers' | 'others'): readonly string[] {
  const files = FILES.filter((file) => ABOUT_CALLERS.includes(file) === (which === 'about callers'));
  askBy(expectSameAnswers);
  afterAll(async () => (await trino()).stop());
  for (const file of files) {
    describe(file, () => {
      // eslint-disable-next-line @typescript-eslint/no-require-imports
      require(path.join(FOLDER, file));
    });
  }
  return files;
}
