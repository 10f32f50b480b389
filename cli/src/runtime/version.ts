declare const MODEL_STORE_VERSION: string | undefined;

/** Set when the command is bundled. */
export const BUNDLED = typeof MODEL_STORE_VERSION === 'string';

export const VERSION = BUNDLED ? MODEL_STORE_VERSION! : '0.0.0';

/** What the project's files say between releases; see scripts/release-files.ts. */
const NO_RELEASE = '0.0.0';

/** What people are told: nobody should look for a release of a number that only says that there is none. */
export function versionText(version: string = VERSION): string {
  return version === NO_RELEASE ? `${version} (built from source, not a release)` : version;
}
