import { spawn } from 'node:child_process';
import type { Environment } from '../../runtime/environment';

/** The program that opens an address in the person's browser, without a shell in between. */
function opener({ platform }: Pick<Environment, 'platform'>): readonly string[] {
  switch (platform) {
    case 'darwin': return ['open'];
    case 'win32': return ['rundll32', 'url.dll,FileProtocolHandler'];
    default: return ['xdg-open'];
  }
}

/** Whether a browser was asked to show the address. That it did, nobody knows. */
export async function openBrowser(environment: Pick<Environment, 'platform' | 'variables'>, address: URL): Promise<boolean> {
  // Set by people whose system's way is not theirs (https://wiki.debian.org/sensible-utils); "%s" and shell words are not read.
  const { BROWSER: chosen } = environment.variables;
  const [program, ...first] = chosen !== undefined && chosen !== '' && !/[%\s:]/.test(chosen) ? [chosen] : opener(environment);
  return new Promise((resolve) => {
    const child = spawn(program, [...first, address.href], { stdio: 'ignore', detached: true });
    child.once('error', () => resolve(false));
    child.once('spawn', () => {
      child.unref();
      resolve(true);
    });
  });
}
