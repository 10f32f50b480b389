import * as fs from 'node:fs';
import * as path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { draw } from '../../scripts/diagram/draw';
import { PICTURES } from '../../scripts/diagram/pictures';

const ROOT = path.join(__dirname, '../..');

describe('the pictures', () => {
  test.each(PICTURES.map((picture) => [picture.file, picture] as const))('%s shows what is synthesised now', async (file, picture) => {
    const committed = fs.readFileSync(path.join(ROOT, file), 'utf8');

    // When this fails: `npx tsx scripts/diagram.ts` draws the pictures again.
    expect(committed === await draw(picture) ? 'up to date' : `${file} is out of date: run npx tsx scripts/diagram.ts`).toBe('up to date');
  });

  test.each(PICTURES.map(({ file }) => file))('%s can be read in the light, in the dark and aloud', (file) => {
    const svg = fs.readFileSync(path.join(ROOT, file), 'utf8');
    const [, width] = /width="([\d.]+)"/.exec(svg)!;

    expect(svg).toContain('prefers-color-scheme: dark');
    expect(svg).toMatch(/role="img" aria-labelledby="title description">\s*<title id="title">.+<\/title>\s*<desc id="description">.+/);
    expect(svg).not.toMatch(/ (fill|stroke)="(?!none)/);
    expect(Number(width)).toBeLessThan(1500);
  });
});

describe('what a picture says', () => {
  const build = (grant: (bucket: s3.Bucket, fn: lambda.Function) => void) => draw({
    file: 'any.svg',
    title: 'A & B',
    app: () => {
      const app = new App();
      const [data, code] = [new Stack(app, 'Data'), new Stack(app, 'Code')];
      const fn = new lambda.Function(code, 'Reader', {
        runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', code: lambda.Code.fromInline('exports.handler = () => {}'),
      });
      grant(new s3.Bucket(data, 'Models', { encryption: s3.BucketEncryption.KMS }), fn);
      return app;
    },
  });

  test('is who may read what, also across stacks', async () => {
    expect(await build((bucket, fn) => bucket.grantRead(fn))).toContain('Reader reads Models.');
  });

  test('is nothing that nobody permitted', async () => {
    expect(await build(() => undefined)).not.toContain('reads');
  });

  test('is the same, to the byte, whenever it is drawn', async () => {
    expect(await build((bucket, fn) => bucket.grantReadWrite(fn))).toBe(await build((bucket, fn) => bucket.grantReadWrite(fn)));
  });

  test('is text that a browser takes as text', async () => {
    expect(await build(() => undefined)).toContain('<title id="title">A &amp; B</title>');
  });
});
