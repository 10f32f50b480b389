import { localPathProblems } from './local-path';
import { fileProblems, type Manifest, manifestProblems } from '../../../src/contract/manifest';
import { EXIT, Failure } from '../runtime/failure';

/** Nothing that is read from a manifest is used before this. */
export function requireWellFormed(manifest: unknown, model: string, version: string): asserts manifest is Manifest {
  const problems = manifestProblems(manifest, model, version);
  if (problems.length > 0) {
    const what = `the manifest of ${model}@${version}`;
    throw new Failure(`${what} is damaged, or of a form that this version of the command does not know`, {
      code: 'damaged_object',
      exitCode: EXIT.VERIFICATION,
      details: problems,
      hint: 'Update the command. If that does not help, ask the people who run the store: somebody may have written to '
        + 'its bucket.',
    });
  }
}

/**
 * A manifest comes from elsewhere: before a name in it becomes a name on this disk, all the rules are checked again, and
 * those of this platform with them.
 */
export function requireTrustworthy(manifest: Manifest, model: string, version: string, platform: NodeJS.Platform): void {
  requireWellFormed(manifest, model, version);
  const paths = manifest.files.map(({ path }) => path);
  const problems = [...fileProblems(manifest.files), ...localPathProblems(paths, platform)];
  if (problems.length > 0) {
    throw new Failure(`the manifest of ${model}@${version} cannot be trusted on this machine; nothing was written`, {
      code: 'invalid_manifest', exitCode: EXIT.VERIFICATION, details: problems,
    });
  }
}
