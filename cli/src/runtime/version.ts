declare const MODEL_STORE_VERSION: string | undefined;

/** Whether the command is bundled, which is when the version is known. */
export const BUNDLED = typeof MODEL_STORE_VERSION === 'string';

export const VERSION = BUNDLED ? MODEL_STORE_VERSION! : '0.0.0';

/** The version in the project's files between releases; see scripts/release-files.ts. */
const NO_RELEASE = '0.0.0';

/** The output of `--version`. Says so if the command is not a release, because 0.0.0 was never released. */
export function versionText(version: string = VERSION): string {
  return `model-store ${version === NO_RELEASE ? `${version} (built from source, not a release)` : version}`;
}
