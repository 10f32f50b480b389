/** The placeholder that replaces an asset hash. */
export const MASK = '<asset>';

const SHA_256 = /^[0-9a-f]{64}$/;

interface Template {
  readonly [section: string]: any;
  readonly Resources?: { readonly [logicalId: string]: { readonly Type?: string } };
}

/**
 * Masks the hashes everywhere in a template: in S3 keys, image tags, parameter names and URLs. Other digests are not
 * masked, because a snapshot should detect their changes.
 */
export function maskAssetHashes(template: Template, hashes: readonly string[]): Template {
  const masked = hashes.filter((hash) => SHA_256.test(hash));
  let text = JSON.stringify(template);
  if (masked.length > 0) {
    const anyHash = masked.join('|');
    // Parameter names of an asset end in a hash of the name. They are numbered instead, to keep them distinct.
    text = text.replace(
      new RegExp(`AssetParameters(${anyHash})(S3Bucket|S3VersionKey|ArtifactHash)[0-9A-F]{8}`, 'g'),
      (_, hash: string, kind: string) => `AssetParameters<${masked.indexOf(hash) + 1}>${kind}`);
    text = text.replace(new RegExp(anyHash, 'g'), MASK);
  }
  for (const [id, withoutHash] of versionIds(template)) {
    text = text.replaceAll(id, withoutHash);
  }
  return JSON.parse(text) as Template;
}

/**
 * Returns the logical IDs of Lambda versions created by `currentVersion`, and the same IDs without the hash of code and
 * settings. A snapshot shows changed settings in the function itself.
 */
function versionIds({ Resources = {} }: Template): [string, string][] {
  return Object.entries(Resources)
    .filter(([id, { Type }]) => Type === 'AWS::Lambda::Version' && /CurrentVersion[0-9A-F]{8}[0-9a-f]{32}$/.test(id))
    .map(([id]) => [id, id.slice(0, -32)]);
}
