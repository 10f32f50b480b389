import * as fs from 'node:fs';
import * as path from 'node:path';

const FOLDER = path.join(__dirname, '..', '..', 'test-reports', 'fidelity');

/** An engine that is independent of this project, with the version that ran. */
export interface Engine {
  readonly name: string;
  readonly version: string;
}

/**
 * Records that the running test proved these behaviours on this engine. Call it after the last assertion: a test that fails never
 * gets there. `docs/fidelity.md` is generated from the records; the ids are those of `behaviours.ts`.
 */
export function proves(engine: Engine, ...behaviours: readonly string[]): void {
  const { testPath, currentTestName } = expect.getState();
  const test = { file: path.relative(path.join(__dirname, '..', '..'), testPath ?? ''), name: currentTestName };
  fs.mkdirSync(FOLDER, { recursive: true });
  const lines = behaviours.map((behaviour) => `${JSON.stringify({ behaviour, engine, test })}\n`);
  fs.appendFileSync(path.join(FOLDER, `${process.pid}.ndjson`), lines.join(''));
}
