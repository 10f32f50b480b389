import type { Command } from 'commander';
import { answer, examples, type Run } from './context';
import { visibleText } from '../../../src/contract/visible-text';
import { recordedManifest, verify, type VerifyResult, verifySummary } from '../folder/verify';
import { EXIT } from '../runtime/failure';
import { expandHome } from '../runtime/home';
import { parseReference } from '../store/reference';
import { show } from '../store/registry';

interface VerifyArguments {
  readonly model?: string;
}

export function addVerify(program: Command, run: Run): void {
  program.command('verify')
    .description('compare a folder byte for byte with the version that was pulled into it')
    .argument('<dir>', 'folder to verify')
    .option('--model <model@version|alias>',
      'compare with this version in the store instead of the local record of the pull')
    .addHelpText('after', examples(
      'model-store verify ./fraud',
      'model-store verify ./fraud --model fraud@1.4.0',
    ))
    .action(async (dir: string, { model }: VerifyArguments, command: Command) =>
      run(command, async (context) => {
        const folder = expandHome(dir, context.environment);
        const manifest = model === undefined
          ? await recordedManifest(folder)
          : (await show(await context.client(), parseReference(model, 'version or alias'))).manifest;
        const result = await verify(context, folder, manifest);
        answer(context, result, () => differences(result));
        return result.ok ? EXIT.OK : EXIT.VERIFICATION;
      }));
}

function differences(result: VerifyResult): string {
  return [
    ...result.changed.map(({ field, message }) => `changed  ${field}: ${message}`),
    ...result.missing.map((path) => `missing  ${path}`),
    ...result.extra.map((path) => `extra    ${path}`),
    ...result.ignored.map((path) => `ignored  ${path}: created by the operating system or Jupyter`),
    verifySummary(result),
  ].map((line) => `${visibleText(line)}\n`).join('');
}
