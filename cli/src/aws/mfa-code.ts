import { createInterface } from 'node:readline/promises';

/** Prompts on standard error, because standard output is for results. */
export async function askForMfaCode(serialNumber: string, signal: AbortSignal): Promise<string> {
  // With "terminal: false", Ctrl-C still interrupts the whole command.
  const terminal = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
  try {
    return (await terminal.question(`MFA code for ${serialNumber}: `, { signal })).trim();
  } finally {
    terminal.close();
    process.stdin.unref();
  }
}
