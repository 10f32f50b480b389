/**
 * Fields of the functions' log lines, and their values, that metrics and alarms depend on. All other fields are for
 * people.
 */
export const LOG_FIELDS = {
  /** The same name as in Lambda's own log lines for Node.js. */
  TIMESTAMP: 'timestamp',
  LEVEL: 'level',
  /** Name of the function. Lambda's own log lines do not have this field. */
  FUNCTION: 'function',
} as const;

/** `ERROR` is used only for requests with a 5xx response. */
export const LOG_LEVELS = { INFO: 'INFO', WARN: 'WARN', ERROR: 'ERROR' } as const;

export type LogLevel = keyof typeof LOG_LEVELS;
