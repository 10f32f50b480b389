import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';

/**
 * What a consumer would deploy, file by file: unchanged templates and lists of assets, and of each asset the name, which
 * has its hash in it, and its content. The tree, traces and times are left out.
 */
export function deployable(folder: string): Map<string, string> {
  const files = new Map<string, string>();
  for (const assembly of ['cdk.out', 'checked.out']) {
    for (const name of fs.readdirSync(path.join(folder, assembly)).sort()) {
      const file = path.join(folder, assembly, name);
      if (name.endsWith('.template.json') || name.endsWith('.assets.json')) {
        files.set(`${assembly}/${name}`, fs.readFileSync(file, 'utf8'));
      } else if (name.startsWith('asset.')) {
        files.set(`${assembly}/${name}`, contentOf(file));
      }
    }
  }
  return files;
}

/** Where two texts begin to differ, in words; nothing if they are the same to the byte. */
export function firstDifference(one: string, other: string): string | undefined {
  if (one === other) {
    return undefined;
  }
  const [lines, others] = [one.split('\n'), other.split('\n')];
  const at = lines.findIndex((line, index) => line !== others[index]);
  return `line ${at + 1} is ${JSON.stringify(lines[at])} in the one and ${JSON.stringify(others[at])} in the other`;
}

function contentOf(file: string): string {
  if (!fs.statSync(file).isDirectory()) {
    return crypto.createHash('sha256').update(fs.readFileSync(file)).digest('hex');
  }
  return fs.readdirSync(file).sort().map((name) => `${name} ${contentOf(path.join(file, name))}`).join('\n');
}
