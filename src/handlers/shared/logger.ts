/**
 * One JSON object per line, for CloudWatch Logs Insights. Only these fields exist, and each value is scrubbed: bodies,
 * links, tokens and credentials have no way in.
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

const SECRETS: readonly RegExp[] = [
  // A signed link, wherever it stands: everything behind its "?".
  /(https?:\/\/[^\s"'?]+)\?[^\s"']*/gi,
  // The parts of one, alone.
  /(X-Amz-(?:Signature|Security-Token|Credential)["']?\s*[=:]\s*["']?)[^\s"'&]+/gi,
  // Headers and fields that carry credentials.
  /((?:authorization|secretaccesskey|sessiontoken|accesskeyid|password)["']?\s*[=:]\s*["']?)(?:(?:bearer|aws4-hmac-sha256)\s+)?[^\s"',]+/gi,
  // Access key ids, and JSON web tokens.
  /()\b(?:AKIA|ASIA)[A-Z0-9]{12,}\b/g,
  /()\beyJ[\w-]+\.[\w-]+\.[\w-]*/g,
];

/** A last line of defence: an error's text may hold what nobody meant to log. */
export function scrub(text: string): string {
  return SECRETS.reduce((scrubbed, secret) => scrubbed.replace(secret, '$1[removed]'), text);
}

export function createLogger(base: { readonly function: string; readonly requestId: string }): Logger {
  const write = (level: 'INFO' | 'WARN' | 'ERROR', message: string, fields: LogFields = {}) => {
    const entry = { time: new Date().toISOString(), level, ...base, message, ...fields };
    const line = JSON.stringify(entry, (_key, value: unknown) => (typeof value === 'string' ? scrub(value) : value));
    process.stdout.write(`${line}\n`);
  };
  return {
    info: (message, fields) => write('INFO', message, fields),
    warn: (message, fields) => write('WARN', message, fields),
    error: (message, fields) => write('ERROR', message, fields),
  };
}

export function describeError(error: unknown): LogFields {
  return error instanceof Error
    ? { errorName: error.name, errorMessage: error.message, errorStack: error.stack }
    : { errorName: 'thrown value', errorMessage: typeof error };
}
