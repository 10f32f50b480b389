import { createInterface } from 'node:readline/promises';

/** On standard error: standard output is for results. */
export async function askForMfaCode(serialNumber: string, signal: AbortSignal): Promise<string> {
  // Without "terminal", Ctrl-C stays a signal to the whole command.
  const terminal = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
  try {
    return (await terminal.question(`MFA code for ${serialNumber}: `, { signal })).trim();
  } finally {
    terminal.close();
    process.stdin.unref();
  }
}
