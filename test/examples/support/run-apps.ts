import * as path from 'node:path';

// `tsx run-apps.ts FOLDER EXAMPLE…`: runs the `app.ts` of each example as `cdk synth` would, all in one process. An app looks
// for its output folder when it is made, and synthesises when the process has nothing else to do.
async function main([output, ...examples]: string[]): Promise<void> {
  for (const example of examples) {
    process.env.CDK_OUTDIR = path.join(output, example);
    await import(path.join(__dirname, '../../../examples', example, 'app.ts'));
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
