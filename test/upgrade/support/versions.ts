import { execFileSync } from 'node:child_process';

const PLACES = 1e6;

/** A number that is greater for later versions. */
export function orderOf(version: string): number {
  return version.split('.').reduce((sum, part) => sum * PLACES + Number(part), 0);
}

/** The tagged releases, in order: empty in a checkout without history; the release workflow has all. */
export function releasedVersions(): string[] {
  try {
    return execFileSync('git', ['tag', '--list', 'v*'], { cwd: __dirname, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
      .split('\n').filter((tag) => /^v\d+\.\d+\.\d+$/.test(tag)).map((tag) => tag.slice(1))
      .sort((a, b) => orderOf(a) - orderOf(b));
  } catch {
    return [];
  }
}
