import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, launch } from 'puppeteer-core';
import { CHROMIUM_ARGUMENTS, INSTALL_CHROMIUM, installedChromium } from '../../../../test/support/chromium';

/** Like `describe`. Without a browser, the tests are skipped with a notice, and fail in CI. */
export function describeInChromium(name: string, tests: (browser: () => Browser) => void): void {
  const executablePath = installedChromium();
  if (executablePath === undefined) {
    if (process.env.CI) {
      test(name, () => {
        throw new Error(INSTALL_CHROMIUM);
      });
    } else {
      process.stderr.write(`skipped "${name}": ${INSTALL_CHROMIUM}\n`);
      describe.skip(name, () => tests(() => { throw new Error(INSTALL_CHROMIUM); }));
    }
    return;
  }
  describe(name, () => {
    let browser: Browser;
    let profile: string;
    beforeAll(async () => {
      profile = mkdtempSync(join(tmpdir(), 'chromium-'));
      browser = await launch({
        executablePath,
        userDataDir: profile,
        args: CHROMIUM_ARGUMENTS,
      });
    });
    afterAll(async () => {
      await browser?.close();
      rmSync(profile, { recursive: true, force: true, maxRetries: 3 });
    });
    tests(() => browser);
  });
}
