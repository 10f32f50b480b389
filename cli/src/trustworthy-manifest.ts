import { EXIT, Failure } from './failure';
import { localPathProblems } from './pull/local-path';
import { fileProblems, type Manifest, MANIFEST_SCHEMA_VERSION } from '../../src/contract/manifest';

/**
 * A manifest comes from elsewhere: before a name in it becomes a name on this disk, all the rules are checked again, and
 * those of this platform with them.
 */
export function requireTrustworthy(manifest: Manifest, model: string, version: string, platform: NodeJS.Platform): void {
  if (manifest.schemaVersion !== MANIFEST_SCHEMA_VERSION || !Array.isArray(manifest.files)) {
    throw new Failure(`the manifest of ${model}@${version} has a form that this version of the command does not understand`, {
      code: 'invalid_manifest', exitCode: EXIT.VERIFICATION, hint: 'Update the command.',
    });
  }
  if (manifest.model !== model || manifest.version !== version) {
    throw new Failure(`the manifest of ${model}@${version} says it is ${manifest.model}@${manifest.version}`, {
      code: 'invalid_manifest', exitCode: EXIT.VERIFICATION,
    });
  }
  const misshapen = manifest.files.findIndex((file) => typeof file?.path !== 'string' || typeof file.sha256 !== 'string' || typeof file.digest !== 'string');
  const problems = misshapen === -1
    ? [...fileProblems(manifest.files), ...localPathProblems(manifest.files.map(({ path }) => path), platform)]
    : [{ field: `files[${misshapen}]`, message: 'has no path, SHA-256 or digest' }];
  if (problems.length > 0) {
    throw new Failure(`the manifest of ${model}@${version} cannot be trusted on this machine; nothing was written`, {
      code: 'invalid_manifest', exitCode: EXIT.VERIFICATION, details: problems,
    });
  }
}
