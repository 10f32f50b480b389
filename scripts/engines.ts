import { ENGINE_NAMES, ensureEngine } from '../test/engines/build';

/** Builds the S3 engines that the tests run on, unless they are built already. */
async function main(): Promise<void> {
  for (const name of ENGINE_NAMES) {
    await ensureEngine(name, (line) => process.stderr.write(`${line}\n`));
  }
}

main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
