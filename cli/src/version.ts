declare const MODEL_STORE_VERSION: string | undefined;

/** Set when the command is bundled. */
export const BUNDLED = typeof MODEL_STORE_VERSION === 'string';

export const VERSION = BUNDLED ? MODEL_STORE_VERSION! : '0.0.0';
