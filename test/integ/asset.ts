import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { buildSync } from 'esbuild';

/** The command line as it is published: `npm run bundle` makes it. */
export const COMMAND_LINE = path.resolve(__dirname, '../../cli/dist');

/** A folder with a function of this folder, for Lambda or for Node; the AWS SDK comes with what runs it. */
export function bundle(handler: string, beside?: string): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'integ-'));
  buildSync({
    entryPoints: [path.join(__dirname, handler)],
    outfile: path.join(folder, 'index.js'),
    bundle: true,
    platform: 'node',
    target: 'node20',
    external: ['@aws-sdk/*'],
  });
  if (beside !== undefined) {
    fs.cpSync(beside, folder, { recursive: true });
  }
  return folder;
}
