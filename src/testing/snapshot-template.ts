import * as fs from 'node:fs';
import * as path from 'node:path';
import { Stage, type Stack } from 'aws-cdk-lib';
import { AssetManifestArtifact, type CloudAssembly, type CloudFormationStackArtifact } from 'aws-cdk-lib/cx-api';
import { maskAssetHashes } from './mask-asset-hashes';

/**
 * The template of a stack for snapshot tests, with asset hashes masked.
 *
 * The hash of a function's code changes with every release of the library that provides the code, including this one. A
 * snapshot of the plain template would fail on each upgrade, and people would update it without reading it and miss
 * changes that matter. The template is otherwise the same.
 *
 * `docs/guides/snapshot-tests.md` shows it in a test.
 */
export class SnapshotTemplate {
  /**
   * Returns the template of a stack or nested stack, with the hashes of all assets replaced by `<asset>`. This covers
   * files and container images, of this library and of any other construct, everywhere in the template.
   *
   * The hash in the logical ID of a Lambda version created by `currentVersion` is removed as well, because it is
   * derived from the hash of the code. All other values are unchanged.
   *
   * It synthesizes the app or the stage that contains the stack. Constructs added later are not included.
   *
   * @param stack the stack, or a nested stack
   * @returns the template, which is for snapshot tests only and cannot be deployed
   */
  public static fromStack(stack: Stack): { [key: string]: any } {
    const stage = Stage.of(stack);
    if (!stage) {
      throw new Error(`the stack ${stack.node.path} is not in an App or Stage, so it cannot be synthesized; `
        + 'create it with `new Stack(new App(), …)`');
    }
    const assembly = stage.synth();
    const artifact = assembly.getStackArtifact(outermost(stack).artifactId);
    const template = stack.nestedStackParent
      ? JSON.parse(fs.readFileSync(path.join(assembly.directory, stack.templateFile), 'utf8'))
      : artifact.template;
    return maskAssetHashes(template, assetHashes(assembly, artifact));
  }

  private constructor() {}
}

/** Returns the top-level stack, which publishes the assets of its nested stacks. */
function outermost(stack: Stack): Stack {
  return stack.nestedStackParent ? outermost(stack.nestedStackParent) : stack;
}

/** Returns the asset hashes in the order in which the app created them. */
function assetHashes(assembly: CloudAssembly, artifact: CloudFormationStackArtifact): string[] {
  const inManifests = assembly.artifacts
    .filter((other) => AssetManifestArtifact.isAssetManifestArtifact(other))
    .flatMap(({ contents }) => [...Object.keys(contents.files ?? {}), ...Object.keys(contents.dockerImages ?? {})]);
  // The LegacyStackSynthesizer writes these instead of a manifest.
  const inMetadata = artifact.assets.map(({ sourceHash }) => sourceHash);
  return [...new Set([...inManifests, ...inMetadata])];
}
