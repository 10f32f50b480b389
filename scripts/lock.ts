import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

/**
 * Regenerates package-lock.json in a folder without node_modules. If modules are installed, npm locks them as they are:
 * only the binaries of this platform, and some packages as if they were bundled in others.
 */
const ROOT = path.resolve(__dirname, '..');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'lock-'));
try {
  for (const manifest of ['package.json', 'cli/package.json']) {
    fs.mkdirSync(path.dirname(path.join(folder, manifest)), { recursive: true });
    fs.copyFileSync(path.join(ROOT, manifest), path.join(folder, manifest));
  }
  const { status } = spawnSync(
    'npm', ['install', '--package-lock-only', '--ignore-scripts'], { cwd: folder, stdio: 'inherit' },
  );
  if (status === 0) {
    fs.copyFileSync(path.join(folder, 'package-lock.json'), path.join(ROOT, 'package-lock.json'));
  } else {
    process.exitCode = 1;
  }
} finally {
  fs.rmSync(folder, { recursive: true });
}
