import * as fs from 'node:fs';
import * as path from 'node:path';

/** A package in a bundle. Most licenses require that their text is distributed with the bundle. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly text?: string;
}

const LICENSE_FILE = /^(licen[cs]e|copying)(\.(md|txt))?$/i;
/** The Apache License requires that this file is distributed too. */
const NOTICE_FILE = /^notice(\.(md|txt))?$/i;
/** Folder in which a package may have the licenses of code that it includes. */
const LICENSES_FOLDER = 'licenses';

/** Returns `node_modules/a/node_modules/@b/c` for `node_modules/a/node_modules/@b/c/lib/x.js`. */
export function packageFolder(input: string): string | undefined {
  const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
  return match?.[1];
}

function describe(folder: string): BundledPackage {
  const { name, version, license } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8')) as {
    name: string; version: string; license?: string;
  };
  const entries = fs.readdirSync(folder).sort();
  const own = [LICENSE_FILE, NOTICE_FILE].flatMap(
    (pattern) => entries.filter((entry) => pattern.test(entry)).slice(0, 1),
  );
  const taken = entries.includes(LICENSES_FOLDER) ? fs.readdirSync(path.join(folder, LICENSES_FOLDER)).sort() : [];
  const files = [...own, ...taken.map((entry) => path.join(LICENSES_FOLDER, entry))];
  const texts = files.map((file) => fs.readFileSync(path.join(folder, file), 'utf8').trim());
  return { name, version, license: license ?? 'unknown', text: texts.length === 0 ? undefined : texts.join('\n\n') };
}

/** The packages that the inputs of a bundle come from, by name. `inputs` are relative to `root`. */
export function bundledPackages(root: string, inputs: readonly string[]): BundledPackage[] {
  const folders = new Set(inputs.map(packageFolder).filter((folder) => folder !== undefined));
  return [...folders].map((folder) => describe(path.join(root, folder)))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.version < b.version ? -1 : 1));
}

/** Renders the licenses of all packages. A license text that several packages share is included once. */
export function licenseNotice(packages: readonly BundledPackage[]): string {
  const byText = new Map<string, BundledPackage[]>();
  for (const bundled of packages) {
    const text = bundled.text ?? `Licensed under ${bundled.license}; the package does not include the license text.`;
    byText.set(text, [...byText.get(text) ?? [], bundled]);
  }
  const sections = [...byText].map(([text, sharing]) =>
    `${sharing.map(({ name, version, license }) => `${name} ${version} (${license})`).join('\n')}\n\n${text}\n`);
  return `Packages in this bundle, and their licenses.\n\n${sections.join(`\n${'-'.repeat(80)}\n\n`)}`;
}
