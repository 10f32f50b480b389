const MIB = 1024 * 1024;

/** Limits of S3 multipart uploads: https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
export const S3_MAX_PARTS = 10_000;
/** The maximum object size of S3 until December 2025. It is 48.8 TiB now, but models do not need larger files. */
export const S3_MAX_OBJECT_BYTES = 5 * 1024 * 1024 * MIB;

/** Minimum part size; it is doubled until a file fits into `S3_MAX_PARTS` parts. */
export const SMALLEST_PART_BYTES = 16 * MIB;

export const MAX_PATH_BYTES = 1024;
/** Folders and file name. Deeper paths would be expensive to compare, and models do not have them. */
export const MAX_PATH_SEGMENTS = 100;

/**
 * Maximum number of files in a version. A manifest must fit into the synchronous payload of a function, 6 MB:
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
export const MAX_FILES_PER_VERSION = 10_000;
export const MAX_MANIFEST_BYTES = 5 * MIB;

/** Files per `begin` call and presigned URLs per page, limited by the payload size and the timeout of a function. */
export const MAX_FILES_PER_BEGIN = 1_000;
export const MAX_LINKS_PER_PAGE = 500;

export const MAX_METADATA_ENTRIES = 64;
export const MAX_METADATA_KEY_LENGTH = 128;
export const MAX_METADATA_VALUE_LENGTH = 2_048;

export const DEFAULT_PAGE_SIZE = 100;
export const MAX_PAGE_SIZE = 1_000;

/** Role chaining limits a session to one hour. */
export const MAX_SESSION_SECONDS = 3_600;
export const MIN_SESSION_SECONDS = 900;
/** A shorter lifetime would leave too little time to use a presigned URL. */
export const MIN_LINK_SECONDS = 60;
