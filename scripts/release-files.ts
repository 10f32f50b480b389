import * as fs from 'node:fs';
import * as path from 'node:path';

/*
 * What a release changes in the repository's files, beside package.json, and takes back again (tasks `bump` and `unbump`): both
 * packages have the same version, and the links in their READMEs lead to this release on GitHub. PyPI and Construct Hub know no
 * other files of the package, and what npm makes of relative links is the newest state instead of this release.
 */

const NO_RELEASE = '0.0.0';
/** Folders of the packages. */
const PACKAGES = ['.', 'cli'];

/** Links and pictures of Markdown that are relative: `[text](path#heading)`, `![text](path)`. */
const RELATIVE_LINK = /(!?)(\[(?:[^\][]|\[[^\]]*\])*\]\()(?![a-z][a-z+.-]*:|#|\/)([^)\s#]+)(#[^)\s]*)?(?=[)\s])/g;

/** `folder` is where the text is, relative to the root of the repository. */
export function withAbsoluteLinks(text: string, folder: string, repository: string, version: string, isFolder: (file: string) => boolean): string {
  return text.replace(RELATIVE_LINK, (_, picture: string, before: string, link: string, heading = '') => {
    const file = path.posix.join(folder, link);
    const base = picture ? pictures(repository) : `${repository}/${isFolder(file) ? 'tree' : 'blob'}`;
    return `${picture}${before}${base}/v${version}/${file}${heading}`;
  });
}

/** The reverse, whatever the version. */
export function withRelativeLinks(text: string, folder: string, repository: string): string {
  const absolute = new RegExp(`\\]\\((?:${escaped(pictures(repository))}|${escaped(repository)}/(?:blob|tree))/v\\d+\\.\\d+\\.\\d+[^/]*/([^)\\s#]+)`, 'g');
  return text.replace(absolute, (_, file: string) => `](${path.posix.relative(folder, file)}`);
}

/** Of the file itself and not of GitHub's page about it. */
function pictures(repository: string): string {
  return repository.replace('https://github.com/', 'https://raw.githubusercontent.com/');
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

export function repositoryOf(manifest: { readonly repository: { readonly url: string } }): string {
  return manifest.repository.url.replace(/\.git$/, '');
}

interface Manifest {
  readonly version: string;
  readonly repository: { readonly url: string };
}

export function writeReleaseFiles(root: string): string {
  const read = (file: string) => fs.readFileSync(path.join(root, file), 'utf8');
  const write = (file: string, text: string) => fs.writeFileSync(path.join(root, file), text);
  const manifest = JSON.parse(read('package.json')) as Manifest;
  const repository = repositoryOf(manifest);
  write('cli/package.json', `${JSON.stringify({ ...JSON.parse(read('cli/package.json')), version: manifest.version }, undefined, 2)}\n`);
  for (const folder of PACKAGES) {
    const readme = path.join(folder, 'README.md');
    write(readme, manifest.version === NO_RELEASE
      ? withRelativeLinks(read(readme), folder, repository)
      : withAbsoluteLinks(read(readme), folder, repository, manifest.version, (file) => fs.statSync(path.join(root, file)).isDirectory()));
  }
  return manifest.version;
}

if (require.main === module) {
  console.log(`cli/package.json and the links of the READMEs are those of ${writeReleaseFiles(process.cwd())}`);
}
