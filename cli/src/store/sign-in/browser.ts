import { spawn } from 'node:child_process';
import type { Environment } from '../../runtime/environment';

/** The program that opens a URL in the user's browser, without a shell. */
function opener({ platform }: Pick<Environment, 'platform'>): readonly string[] {
  switch (platform) {
    case 'darwin': return ['open'];
    case 'win32': return ['rundll32', 'url.dll,FileProtocolHandler'];
    default: return ['xdg-open'];
  }
}

/** Starts the browser. True if the program started; whether a page opened is unknown. */
export async function openBrowser(
  environment: Pick<Environment, 'platform' | 'variables'>, address: URL,
): Promise<boolean> {
  // The user's choice of browser (https://wiki.debian.org/sensible-utils). "%s", lists and arguments are not supported.
  const { BROWSER: chosen } = environment.variables;
  const isProgram = chosen !== undefined && chosen !== '' && !/[%\s:]/.test(chosen);
  const [program, ...first] = isProgram ? [chosen] : opener(environment);
  return new Promise((resolve) => {
    const child = spawn(program, [...first, address.href], { stdio: 'ignore', detached: true });
    child.once('error', () => resolve(false));
    child.once('spawn', () => {
      child.unref();
      resolve(true);
    });
  });
}
