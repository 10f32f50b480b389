import { ENGINE_NAMES, ensureEngine } from '../test/engines/build';

/** Builds the S3 engines for the tests, unless they are already built. */
async function main(): Promise<void> {
  for (const name of ENGINE_NAMES) {
    await ensureEngine(name, (line) => process.stderr.write(`${line}\n`));
  }
}

main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
