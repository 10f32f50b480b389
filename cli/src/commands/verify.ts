import type { Command } from 'commander';
import { answer, type CommandContext, examples, type Run } from './context';
import { allowUnsignedOption, keyOption, type TrustArguments } from './trust-options';
import type { Manifest } from '../../../src/contract/manifest';
import { visibleText } from '../../../src/contract/visible-text';
import { checkSignature, type SignatureState, uncheckedSignature } from '../folder/signature';
import { recordedVersion, verify, type VerifyResult, verifySummary } from '../folder/verify';
import { EXIT } from '../runtime/failure';
import { expandHome } from '../runtime/home';
import { parseReference } from '../store/reference';
import { show } from '../store/registry';
import { rememberAlias } from '../store/seen-aliases';
import { givenTrust, rememberedTrust, signatureTrust } from '../store/signature-trust';

interface VerifyArguments extends TrustArguments {
  readonly model?: string;
}

export function addVerify(program: Command, run: Run): void {
  program.command('verify')
    .description('check the signature of a pulled version, and compare the folder with it byte for byte')
    .argument('<dir>', 'folder to verify')
    .option('--model <model@version|alias>',
      'compare with this version in the store instead of the local record of the pull')
    .addOption(keyOption())
    .addOption(allowUnsignedOption())
    .addHelpText('after', examples(
      'model-store verify ./fraud',
      'model-store verify ./fraud --key store-key.pem',
      'model-store verify ./fraud --model fraud@1.4.0',
    ))
    .action(async (dir: string, options: VerifyArguments, command: Command) =>
      run(command, async (context) => {
        const folder = expandHome(dir, context.environment);
        const { manifest, signature } = options.model === undefined
          ? await recorded(context, folder, options) : await published(context, options.model, options);
        const result = await verify(context, folder, manifest, signature);
        answer(context, result, () => differences(result));
        return result.ok ? EXIT.OK : EXIT.VERIFICATION;
      }));
}

interface Checked {
  readonly manifest: Manifest;
  readonly signature: SignatureState;
}

/** The version in the record of the pull: offline, and without AWS. */
async function recorded(
  { environment }: CommandContext, folder: string, options: VerifyArguments,
): Promise<Checked> {
  const version = await recordedVersion(folder);
  const trust = await givenTrust(environment, options) ?? await rememberedTrust(environment, version.storeUrl, options);
  const signature = trust === undefined
    ? uncheckedSignature(version, 'no key of its store is known here; use --key FILE or --model model@version')
    : checkSignature(version, trust);
  return { manifest: version.manifest, signature };
}

async function published(context: CommandContext, model: string, options: VerifyArguments): Promise<Checked> {
  const client = await context.client();
  const version = await show(client, parseReference(model, 'version or alias'));
  const signature = checkSignature(version, await signatureTrust({ ...context, client }, options));
  if (version.reference.alias !== undefined) {
    await rememberAlias(client.store, version.reference.alias);
  }
  return { manifest: version.manifest, signature };
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
