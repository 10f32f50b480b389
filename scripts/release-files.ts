import * as fs from 'node:fs';
import * as path from 'node:path';

/*
 * Changes to files other than package.json for a release, which are reverted afterwards (tasks `bump` and `unbump`):
 * both packages get the same version, and the links in their READMEs point to the release on GitHub. PyPI and Construct
 * Hub do not resolve relative links, and npm resolves them to the default branch instead of the release.
 */

const NO_RELEASE = '0.0.0';
const PACKAGE_FOLDERS = ['.', 'cli'];

/** Relative links and images in Markdown: `[text](path#heading)`, `![text](path)`. */
const RELATIVE_LINK = /(!?)(\[(?:[^\][]|\[[^\]]*\])*\]\()(?![a-z][a-z+.-]*:|#|\/)([^)\s#]+)(#[^)\s]*)?(?=[)\s])/g;

/** Makes relative links absolute. `folder` is the folder of the text, relative to the root of the repository. */
export function withAbsoluteLinks(
  text: string, folder: string, repository: string, version: string, isFolder: (file: string) => boolean,
): string {
  return text.replace(RELATIVE_LINK, (_, picture: string, before: string, link: string, heading = '') => {
    const file = path.posix.join(folder, link);
    const base = picture ? pictures(repository) : `${repository}/${isFolder(file) ? 'tree' : 'blob'}`;
    return `${picture}${before}${base}/v${version}/${file}${heading}`;
  });
}

/** Makes the absolute links of any version relative again. */
export function withRelativeLinks(text: string, folder: string, repository: string): string {
  const base = `(?:${escaped(pictures(repository))}|${escaped(repository)}/(?:blob|tree))`;
  const absolute = new RegExp(`\\]\\(${base}/v\\d+\\.\\d+\\.\\d+[^/]*/([^)\\s#]+)`, 'g');
  return text.replace(absolute, (_, file: string) => `](${path.posix.relative(folder, file)}`);
}

/** Base URL of the image files themselves, instead of GitHub's pages about them. */
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
  write('cli/package.json',
    `${JSON.stringify({ ...JSON.parse(read('cli/package.json')), version: manifest.version }, undefined, 2)}\n`);
  for (const folder of PACKAGE_FOLDERS) {
    const readme = path.join(folder, 'README.md');
    const isFolder = (file: string) => fs.statSync(path.join(root, file)).isDirectory();
    write(readme, manifest.version === NO_RELEASE
      ? withRelativeLinks(read(readme), folder, repository)
      : withAbsoluteLinks(read(readme), folder, repository, manifest.version, isFolder));
  }
  return manifest.version;
}

if (require.main === module) {
  console.log(`set cli/package.json and the links in the READMEs to version ${writeReleaseFiles(process.cwd())}`);
}
