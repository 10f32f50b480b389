/** Fields that every line of the S3 server access logs has, in order. */
const FIELDS = [
  'bucket_owner', 'bucket', 'request_time', 'source_ip', 'requester', 'request_id', 'operation', 'object_key',
  'request_uri', 'http_status', 'error_code', 'bytes_sent', 'object_size', 'total_time_ms', 'turn_around_time_ms',
  'referer', 'user_agent',
] as const;

/** Fields that S3 added later, so older lines may end before them. */
const LATER_FIELDS = [
  'version_id', 'host_id', 'signature_version', 'cipher_suite', 'authentication_type', 'host_header', 'tls_version',
  'access_point_arn', 'acl_required', 'source_region',
] as const;

/** All fields of a line. The last one has fields that S3 may add in the future. */
export const ACCESS_LOG_FIELDS: readonly string[] = [...FIELDS, ...LATER_FIELDS, 'further_fields'];

const PLAIN = '([^ ]+)';
/**
 * Callers choose these three values and may put quotation marks in them, which S3 does not escape. So none of them ends
 * at just any quotation mark:
 * - a request URI ends with the protocol, and has no spaces in between, or before a status;
 * - a user agent ends at the last quotation mark of the line, unless a later field is quoted, too.
 * Every repetition is of a single character class: Java's regular expressions would use the stack for others.
 */
const PATTERNS: { readonly [field: string]: string } = {
  request_time: '\\[([^\\]]*)\\]',
  request_uri: '("[^ "]+ [^ ]+ HTTP/[0-9.]+"(?= )|"[^\\n]*?"(?= +(?:[0-9]{3}|-) )|-)',
  referer: '("[^\\n]*?"(?= )|-)',
  user_agent: '("[^\\n]*"(?=(?: +[^ "]+){2,} *$)|"[^\\n]*?"(?= |$)|-)',
};

/**
 * A line of the S3 server access logs, as a regular expression of both Java and JavaScript with one group per field. It
 * is the only definition of the format: for the Glue table and for the command line.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html
 */
export const ACCESS_LOG_PATTERN = `^${FIELDS.map((field) => PATTERNS[field] ?? PLAIN).join(' +')}`
  + `${LATER_FIELDS.map(() => `(?: +${PLAIN})?`).join('')}(?: +([^\\n]*?))? *$`;

const LINE = new RegExp(ACCESS_LOG_PATTERN);

/** The fields of a line in the order of `ACCESS_LOG_FIELDS`, or undefined if it is not such a line. */
export function accessLogFields(line: string): readonly (string | undefined)[] | undefined {
  return LINE.exec(line)?.slice(1);
}
