import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { draw } from './diagram/draw';
import { PICTURES } from './diagram/pictures';

const ROOT = resolve(__dirname, '..');

/** `npx tsx scripts/diagram.ts [part of a file's name]`: draws the pictures of the examples and of the architecture again. */
async function main([only = '']: string[]): Promise<void> {
  // The CDK's check against CloudFormation's rules takes seconds, and says nothing about a picture.
  process.env.CDK_VALIDATION = 'false';
  for (const picture of PICTURES.filter(({ file }) => file.includes(only))) {
    const file = join(ROOT, picture.file);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, await draw(picture));
    console.log(picture.file);
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
