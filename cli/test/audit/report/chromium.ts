import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type Browser, launch } from 'puppeteer-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const ELSEWHERE = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium'];

function installedChromium(): string | undefined {
  const named = [process.env.CHROME_PATH, process.env.PUPPETEER_EXECUTABLE_PATH].filter((path) => path !== undefined && path !== '');
  const onPath = (process.env.PATH ?? '').split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return [...named, ...onPath, ...ELSEWHERE].find((path) => existsSync(path!));
}

const INSTALL = 'no Chromium or Chrome is installed: install "chromium" with the system\'s packages, or name one with CHROME_PATH';

/** As `describe`; where there is no browser the tests are skipped, and told of, except where nobody would see it. */
export function describeInChromium(name: string, tests: (browser: () => Browser) => void): void {
  const executablePath = installedChromium();
  if (executablePath === undefined) {
    if (process.env.CI) {
      test(name, () => {
        throw new Error(INSTALL);
      });
    } else {
      process.stderr.write(`skipped "${name}": ${INSTALL}\n`);
      describe.skip(name, () => tests(() => { throw new Error(INSTALL); }));
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
        args: [
          '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
        ],
      });
    });
    afterAll(async () => {
      await browser?.close();
      rmSync(profile, { recursive: true, force: true, maxRetries: 3 });
    });
    tests(() => browser);
  });
}
