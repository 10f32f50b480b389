import * as fs from 'node:fs';
import * as path from 'node:path';
import { Stage, type Stack } from 'aws-cdk-lib';
import { AssetManifestArtifact, type CloudAssembly, type CloudFormationStackArtifact } from 'aws-cdk-lib/cx-api';
import { maskAssetHashes } from './mask-asset-hashes';

/**
 * The template of a stack as it belongs into a snapshot test: everything that you decided, and no asset hash.
 *
 * The hash of a function's code changes with every release of whatever makes that code, this library included. A snapshot
 * of the plain template then fails on each upgrade, people learn to update it unread, and with it the one change in it
 * that mattered. This is the same template with the hashes masked, and nothing else.
 *
 * `docs/guides/snapshot-tests.md` shows it in a test.
 */
export class SnapshotTemplate {
  /**
   * The template of a stack or nested stack, with the hashes of all its assets masked as `<asset>`: those of this library
   * and of any other construct, of files and of container images, wherever in the template they stand.
   *
   * The hash in the logical id of a Lambda version that `currentVersion` made is left out as well, since it is made from
   * the hash of the code. What is no asset's hash stays, whatever it looks like.
   *
   * It synthesizes the app, or the stage that the stack is in; constructs added afterwards are not in it.
   *
   * @param stack the stack, or a nested stack of it
   * @returns the template, for a snapshot test alone: it cannot be deployed
   */
  public static fromStack(stack: Stack): { [key: string]: any } {
    const stage = Stage.of(stack);
    if (!stage) {
      throw new Error(`the stack ${stack.node.path} is in no App or Stage, so there is nothing to synthesize: `
        + 'make it with `new Stack(new App(), …)`');
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

/** A nested stack's assets are published with the stack around it. */
function outermost(stack: Stack): Stack {
  return stack.nestedStackParent ? outermost(stack.nestedStackParent) : stack;
}

/** In the order in which the app made them. */
function assetHashes(assembly: CloudAssembly, artifact: CloudFormationStackArtifact): string[] {
  const inManifests = assembly.artifacts
    .filter((other) => AssetManifestArtifact.isAssetManifestArtifact(other))
    .flatMap(({ contents }) => [...Object.keys(contents.files ?? {}), ...Object.keys(contents.dockerImages ?? {})]);
  // What the LegacyStackSynthesizer writes instead of a manifest.
  const inMetadata = artifact.assets.map(({ sourceHash }) => sourceHash);
  return [...new Set([...inManifests, ...inMetadata])];
}
