import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { documents, ROOT, textOf } from './support/documents';

const REMARK = path.join(ROOT, 'node_modules', '.bin', 'remark');

/** The broken links of these documents: missing files and headings. */
async function deadLinks(directory: string, files: readonly string[]): Promise<string[]> {
  const settings = `${path.join(ROOT, 'node_modules', 'remark-validate-links', 'index.js')}=repository:false,root:"${directory}"`;
  return new Promise((resolve, reject) => {
    execFile(REMARK, ['--frail', '--quiet', '--no-stdout', '--no-config', '--no-color', '--no-ignore', '--use', settings, ...files],
      { cwd: directory, maxBuffer: 2 ** 26 }, (error, _, stderr) => {
        const found = warningsOf(stderr);
        // Frail: it fails if, and only if, it found something.
        if ((error === null) === (found.length === 0)) resolve(found);
        else reject(error ?? new Error(stderr));
      });
  });
}

/** A report names the document, then its problems, line by line. */
function warningsOf(report: string): string[] {
  let document = '';
  return report.split('\n').flatMap((line) => {
    if (/^\S+\.md$/.test(line)) document = line;
    return /^\s*\d+:\d+.*\b(?:warning|error)\b/.test(line) ? [`${document}:${line.trim().replace(/\s+/g, ' ')}`] : [];
  });
}

describe('links in the documents', () => {
  test('point to files and headings that exist', async () => {
    // Links to API.md are checked, but not the links in it, because it is generated.
    expect(await deadLinks(ROOT, documents())).toEqual([]);
  });

  test('point from the index to every document', () => {
    const indices = ['docs/README.md', 'docs/guides/README.md'];
    const linked = indices.flatMap((index) => [...textOf(index).matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)]
      .map(([, link]) => path.posix.join(path.posix.dirname(index), link)));
    const orphans = documents().filter((document) => document.startsWith('docs/') && ![...indices, ...linked].includes(document));

    expect(orphans).toEqual([]);
  });

  test('that are broken would be reported: files, headings in other files, headings in the same file', async () => {
    const directory = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'docs-links-')));
    try {
      fs.writeFileSync(path.join(directory, 'a.md'), '# A\n\n[file](none.md) [heading](b.md#c) [own](#z) [right](b.md#b)\n');
      fs.writeFileSync(path.join(directory, 'b.md'), '# B\n');

      const found = await deadLinks(directory, ['a.md', 'b.md']);

      expect(found).toHaveLength(3);
      expect(found.join('\n')).toMatch(/^a\.md:3:[^]*none\.md[^]*b\.md[^]*#z/);
    } finally {
      fs.rmSync(directory, { recursive: true });
    }
  });
});
