declare const MODEL_STORE_VERSION: string | undefined;

/** Set when the command is bundled. */
export const VERSION = typeof MODEL_STORE_VERSION === 'string' ? MODEL_STORE_VERSION : '0.0.0';
