/** Keys of the objects in the artifact bucket. All code must use these functions instead of building keys. */

export const MODELS_PREFIX = 'models/';
export const VERDICTS_PREFIX = 'verdicts/';

export function modelPrefix(model: string): string {
  return `${MODELS_PREFIX}${model}/`;
}

export function blobsPrefix(model: string): string {
  return `${modelPrefix(model)}blobs/sha256/`;
}

/** `digest` is hexadecimal, followed by `-<parts>` if the file is uploaded in several parts. */
export function blobKey(model: string, digest: string): string {
  return `${blobsPrefix(model)}${digest}`;
}

export function versionsPrefix(model: string): string {
  return `${modelPrefix(model)}versions/`;
}

export function manifestKey(model: string, version: string): string {
  return `${versionsPrefix(model)}${version}/manifest.json`;
}

export function signatureKey(model: string, version: string): string {
  return `${versionsPrefix(model)}${version}/model.sig`;
}

export function aliasesPrefix(model: string): string {
  return `${modelPrefix(model)}aliases/`;
}

export function aliasKey(model: string, alias: string): string {
  return `${aliasesPrefix(model)}${alias}.json`;
}

export function verdictKey(model: string, digest: string): string {
  return `${VERDICTS_PREFIX}${model}/${digest}.json`;
}

/**
 * Key patterns for IAM and bucket policies, for a model or a model pattern such as `fraud-*`. In IAM, `*` also matches
 * `/`. A model pattern still matches only its models, because names contain no `/` and the segments after it are
 * literal.
 */
export const KEY_PATTERNS = {
  blobs: (modelPattern: string) => `${MODELS_PREFIX}${modelPattern}/blobs/sha256/*`,
  versions: (modelPattern: string) => `${MODELS_PREFIX}${modelPattern}/versions/*`,
  aliases: (modelPattern: string) => `${MODELS_PREFIX}${modelPattern}/aliases/*`,
  attestations: (modelPattern: string) => `${MODELS_PREFIX}${modelPattern}/versions/*/attestations/*`,
  verdicts: (modelPattern: string) => `${VERDICTS_PREFIX}${modelPattern}/*`,
} as const;
