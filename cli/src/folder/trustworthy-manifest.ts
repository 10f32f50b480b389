import { localPathProblems } from './local-path';
import { unsafeNamesHint } from './unsafe-names';
import { fileProblems, type FileRules, type Manifest, manifestProblems } from '../../../src/contract/manifest';
import { EXIT, Failure } from '../runtime/failure';

/** Must pass before anything in a manifest is used. */
export function requireWellFormed(manifest: unknown, model: string, version: string): asserts manifest is Manifest {
  const problems = manifestProblems(manifest, model, version);
  if (problems.length > 0) {
    const what = `the manifest of ${model}@${version}`;
    throw new Failure(`${what} is damaged or in a format that this version of model-store does not support`, {
      code: 'damaged_object',
      exitCode: EXIT.VERIFICATION,
      details: problems,
      hint: 'Update model-store. If that does not help, contact the operators of the store: its bucket may have been '
        + 'modified directly.',
    });
  }
}

/**
 * A manifest is untrusted input: before one of its paths is used on this disk, all rules are checked again, including
 * those of this platform.
 */
export function requireTrustworthy(
  manifest: Manifest, model: string, version: string, platform: NodeJS.Platform, rules: FileRules = {},
): void {
  requireWellFormed(manifest, model, version);
  const paths = manifest.files.map(({ path }) => path);
  // What this system cannot store is refused here with or without permission for unsafe names.
  const local = localPathProblems(paths, platform);
  const reported = new Set(local.map(({ field }) => `files[${paths.indexOf(field)}].path`));
  const problems = [...fileProblems(manifest.files, rules).filter(({ field }) => !reported.has(field)), ...local];
  if (problems.length > 0) {
    throw new Failure(`the manifest of ${model}@${version} is not safe to use on this machine; nothing was written`, {
      code: 'invalid_manifest', exitCode: EXIT.VERIFICATION, details: problems, hint: unsafeNamesHint(problems),
    });
  }
}
