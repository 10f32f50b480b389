import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { CONFIGURATIONS, templateOf } from '../test/upgrade/support/configurations';
import {
  lastRelease, recordedVersions, recordRelease, type ApiAssembly,
} from '../test/upgrade/support/recorded-release';
import { upgradeLosses } from '../test/upgrade/support/upgrade-losses';

const ROOT = path.resolve(__dirname, '..');
const ASSEMBLY = path.join(ROOT, '.jsii');

/**
 * Records the templates and the API of a release, with which test/upgrade compares later releases. Run after a build of
 * the released commit: `npm run record-release -- 0.2.0`.
 */
function main(version: string | undefined): void {
  if (!version || !/^\d+\.\d+\.\d+$/.test(version)) {
    throw new Error(
      `invalid version ${version ?? '(none)'}: give the released version, as in "npm run record-release -- 0.2.0"`,
    );
  }
  if (!fs.existsSync(ASSEMBLY)) {
    throw new Error('no .jsii file, which describes the API: run "npm run compile" first');
  }
  const templates = Object.fromEntries(Object.keys(CONFIGURATIONS).map((name) => [name, templateOf(name)]));
  refuse([...differsFromTag(version), ...losesSomething(version, templates)]);
  const assembly = JSON.parse(fs.readFileSync(ASSEMBLY, 'utf8')) as ApiAssembly;
  const folder = recordRelease({ version, templates, assembly });
  console.log(`recorded ${version} in ${path.relative(ROOT, folder)}: ${fs.readdirSync(folder).join(', ')}`);
}

/** If the release is already tagged, the sources must be those of the tag. */
function differsFromTag(version: string): string[] {
  const git = (...words: string[]) => execFileSync('git', words, { cwd: ROOT, encoding: 'utf8' }).trim();
  const tag = `v${version}`;
  const changed = git('tag', '--list', tag) === '' ? '' : git('diff', '--name-only', tag, '--', 'src');
  return changed === ''
    ? []
    : [`these files differ from ${tag}; check out the tag first: ${changed.split('\n').join(', ')}`];
}

function losesSomething(version: string, templates: ReturnType<typeof lastRelease>['templates']): string[] {
  if (recordedVersions().every((recorded) => recorded === version)) {
    return [];
  }
  const last = lastRelease();
  return Object.entries(last.templates)
    .flatMap(([name, template]) => (
      templates[name] ? upgradeLosses(template, templates[name]) : [`the configuration ${name} was removed`]
    )
      .map((loss) => `${last.version} → ${version}, ${name}: ${loss}`));
}

function refuse(problems: readonly string[]): void {
  if (problems.length > 0) {
    throw new Error(`nothing was recorded:\n${problems.map((problem) => `- ${problem}`).join('\n')}`);
  }
}

try {
  main(process.argv[2]);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
