/** What a snapshot says in the place of an asset's hash. */
export const MASK = '<asset>';

const SHA_256 = /^[0-9a-f]{64}$/;

interface Template {
  readonly [section: string]: any;
  readonly Resources?: { readonly [logicalId: string]: { readonly Type?: string } };
}

/**
 * The template with these hashes masked, wherever they stand: in a key of S3, an image's tag, a parameter's name, a URL. Only
 * the hashes that are given, because a template may hold other digests that a snapshot is there to keep.
 */
export function maskAssetHashes(template: Template, hashes: readonly string[]): Template {
  const masked = hashes.filter((hash) => SHA_256.test(hash));
  let text = JSON.stringify(template);
  if (masked.length > 0) {
    const anyHash = masked.join('|');
    // The parameters of an asset end in a hash of their own name, so they are told apart by a number.
    text = text.replace(new RegExp(`AssetParameters(${anyHash})(S3Bucket|S3VersionKey|ArtifactHash)[0-9A-F]{8}`, 'g'),
      (_, hash: string, kind: string) => `AssetParameters<${masked.indexOf(hash) + 1}>${kind}`);
    text = text.replace(new RegExp(anyHash, 'g'), MASK);
  }
  for (const [id, withoutHash] of versionIds(template)) {
    text = text.replaceAll(id, withoutHash);
  }
  return JSON.parse(text) as Template;
}

/**
 * Logical ids of Lambda versions that `currentVersion` made, with what remains without the hash of code and settings: the
 * settings stand in the function itself, where a snapshot shows their change.
 */
function versionIds({ Resources = {} }: Template): [string, string][] {
  return Object.entries(Resources)
    .filter(([id, { Type }]) => Type === 'AWS::Lambda::Version' && /CurrentVersion[0-9A-F]{8}[0-9a-f]{32}$/.test(id))
    .map(([id]) => [id, id.slice(0, -32)]);
}
