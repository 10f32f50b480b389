import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { launch } from 'puppeteer-core';
import { ASKED, SETTINGS_FILE } from '../test/support/audit/month-of-evidence';
import { plantedMonth } from '../test/support/audit/planted-month';
import { writeEvidence } from '../test/support/audit/write-evidence';
import { CHROMIUM_ARGUMENTS, INSTALL_CHROMIUM, installedChromium } from '../test/support/chromium';

const ROOT = resolve(__dirname, '..');
const PICTURE = join(ROOT, 'docs/images/audit-report.png');
const [WIDTH, HEIGHT] = [1060, 1320];

/** Takes the screenshot of the report in the documentation, with data of a month with simulated exfiltration. */
async function main(): Promise<void> {
  const executablePath = installedChromium();
  if (executablePath === undefined) {
    throw new Error(INSTALL_CHROMIUM);
  }
  const folder = mkdtempSync(join(tmpdir(), 'report-picture-'));
  try {
    writeEvidence(folder, plantedMonth());
    writeFileSync(join(folder, 'store.json'), JSON.stringify(SETTINGS_FILE));
    const audit = [
      'audit', 'report', '--from', ASKED.from, '--to', ASKED.to, '--logs', 'trail', '--access-logs', 'access',
      '--settings', 'store.json', '--html', 'report.html',
    ];
    execFileSync(
      process.execPath,
      [join(ROOT, 'cli/dist/model-store.js'), ...audit],
      { cwd: folder, stdio: 'inherit', env: process.env },
    );
    const browser = await launch({
      executablePath, userDataDir: join(folder, 'profile'), args: [...CHROMIUM_ARGUMENTS, '--disable-lcd-text'],
    });
    try {
      const page = await browser.newPage();
      await page.setViewport({ width: WIDTH, height: HEIGHT });
      await page.goto(pathToFileURL(join(folder, 'report.html')).href);
      // Keeps the first screen and the first findings, because the rest looks the same.
      await page.evaluate(() => {
        const removed = ['ul.findings > li:nth-child(n + 3)', '#findings ~ section'];
        document.querySelectorAll(removed.join(', '))
          .forEach((element) => element.remove());
      });
      mkdirSync(dirname(PICTURE), { recursive: true });
      const bottom = await page.evaluate(
        () => Math.ceil(document.querySelector('main')!.getBoundingClientRect().bottom),
      );
      await page.screenshot({
        path: PICTURE, clip: { x: 0, y: 0, width: WIDTH, height: bottom + 8 }, captureBeyondViewport: true,
      });
    } finally {
      await browser.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
