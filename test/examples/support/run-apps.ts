import * as path from 'node:path';

// `tsx run-apps.ts FOLDER EXAMPLE…`: runs the `app.ts` of each example as `cdk synth` would, in one process. An app
// reads its output folder when it is created, and synthesizes when the process is idle.
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
