const MIB = 1024 * 1024;

/** S3's own limits on a multipart upload: https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
export const S3_MAX_PARTS = 10_000;
/** What S3 took until December 2025; it takes 48.8 TiB since, and no file of a version has to be that large. */
export const S3_MAX_OBJECT_BYTES = 5 * 1024 * 1024 * MIB;

/** The size of a part, doubled until a file fits into `S3_MAX_PARTS` of them. */
export const SMALLEST_PART_BYTES = 16 * MIB;

export const MAX_PATH_BYTES = 1024;

/**
 * Files in one version. A manifest goes through a function's synchronous payload, which Lambda limits to 6 MB:
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
export const MAX_FILES_PER_VERSION = 10_000;
export const MAX_MANIFEST_BYTES = 5 * MIB;

/** Files in one `begin` call, and links in one page: bounded by the payload and by a function's time. */
export const MAX_FILES_PER_BEGIN = 1_000;
export const MAX_LINKS_PER_PAGE = 500;

export const MAX_METADATA_ENTRIES = 64;
export const MAX_METADATA_KEY_LENGTH = 128;
export const MAX_METADATA_VALUE_LENGTH = 2_048;

export const DEFAULT_PAGE_SIZE = 100;
export const MAX_PAGE_SIZE = 1_000;

/** Role chaining caps a session at one hour. */
export const MAX_SESSION_SECONDS = 3_600;
export const MIN_SESSION_SECONDS = 900;
/** Below, nobody could use a link before it is dead. */
export const MIN_LINK_SECONDS = 60;
