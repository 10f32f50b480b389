import { LOG_FIELDS, LOG_LEVELS, type LogLevel } from '../../contract/log-lines';

/**
 * Fields of a log line; each line is one JSON object for CloudWatch Logs Insights. Request and response bodies are
 * never logged, and every value is scrubbed of presigned URLs, tokens and credentials.
 */
export interface LogFields {
  readonly route?: string;
  readonly model?: string;
  readonly caller?: string;
  readonly sessionName?: string;
  readonly status?: number;
  readonly code?: string;
  readonly durationMs?: number;
  readonly count?: number;
  readonly errorName?: string;
  readonly errorMessage?: string;
  readonly errorStack?: string;
}

export interface Logger {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/** Longer values are cut off: the longest useful ones are stack traces. */
const LONGEST_VALUE = 16 * 1024;

/** With its query string, which contains the signature of a presigned URL. */
const URLS = /https?:\/\/[^\s"']+/gi;

/** No pattern may begin inside its own match, or the time to scrub a text would grow with its square. */
const SECRETS: readonly RegExp[] = [
  // Single query parameters of a presigned URL.
  /(X-Amz-(?:Signature|Security-Token|Credential)["']?\s*[=:]\s*["']?)[^\s"'&]+/gi,
  // Headers and fields that contain credentials.
  new RegExp(/((?:authorization|secretaccesskey|sessiontoken|accesskeyid|password)["']?\s*[=:]\s*["']?)/.source
    + /(?:(?:bearer|aws4-hmac-sha256)\s+)?[^\s"',]+/.source, 'gi'),
  // Access key IDs and JSON web tokens.
  /()\b(?:AKIA|ASIA)[A-Z0-9]{12,}\b/g,
  /()\beyJ[\w.-]+/g,
];

/** Defense in depth: error messages may contain secrets that were not logged on purpose. */
export function scrub(text: string): string {
  const withoutQueries = bounded(text).replace(URLS, (url) => (
    url.includes('?') ? `${url.slice(0, url.indexOf('?'))}[removed]` : url));
  return SECRETS.reduce((scrubbed, secret) => scrubbed.replace(secret, '$1[removed]'), withoutQueries);
}

function bounded(text: string): string {
  if (text.length <= LONGEST_VALUE) {
    return text;
  }
  // Up to the last complete word: no pattern recognizes the first half of a secret.
  const start = text.slice(0, LONGEST_VALUE);
  const end = Math.max(start.lastIndexOf(' '), start.lastIndexOf('\n'), 0);
  return `${start.slice(0, end)}… (${text.length} characters)`;
}

export function createLogger(base: { readonly function: string; readonly requestId: string }): Logger {
  const write = (level: LogLevel, message: string, fields: LogFields = {}) => {
    const entry = {
      // Lambda reads the level of a log line only if the line also has a timestamp:
      // https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
      [LOG_FIELDS.TIMESTAMP]: new Date().toISOString(),
      [LOG_FIELDS.LEVEL]: level,
      [LOG_FIELDS.FUNCTION]: base.function,
      requestId: base.requestId,
      message,
      ...fields,
    };
    const line = JSON.stringify(entry, (_key, value: unknown) => (typeof value === 'string' ? scrub(value) : value));
    process.stdout.write(`${line}\n`);
  };
  return {
    info: (message, fields) => write(LOG_LEVELS.INFO, message, fields),
    warn: (message, fields) => write(LOG_LEVELS.WARN, message, fields),
    error: (message, fields) => write(LOG_LEVELS.ERROR, message, fields),
  };
}

export function describeError(error: unknown): LogFields {
  return error instanceof Error
    ? { errorName: error.name, errorMessage: error.message, errorStack: error.stack }
    : { errorName: 'thrown value', errorMessage: typeof error };
}
