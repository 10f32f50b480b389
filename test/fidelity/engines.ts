import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Engine } from './proves';

const ROOT = path.join(__dirname, '..', '..');

/** The local AWS, an emulator: what the rig adds to it (test/local/README.md) proves nothing, and is never recorded. */
export const MINISTACK: Engine = { name: 'ministack', version: pinned('test/local/requirements.txt', /^ministack==(\S+)$/m) };
/** EventBridge's own matcher: https://github.com/aws/event-ruler */
export const EVENT_RULER: Engine = {
  name: 'Event Ruler', version: pinned('test/tools/event-ruler/pom.xml', /<artifactId>event-ruler<\/artifactId>\s*<version>([^<]+)</),
};
export const OPENSSF: Engine = { name: 'OpenSSF model_signing', version: pinned('test/tools/model-signing-requirements.txt', /^model[-_]signing==(\S+)/m) };

function pinned(file: string, pattern: RegExp): string {
  const version = pattern.exec(fs.readFileSync(path.join(ROOT, file), 'utf8'))?.[1];
  if (version === undefined) {
    throw new Error(`${file} pins no version that ${pattern} finds`);
  }
  return version;
}
