/**
 * What is agreed on about a line that a function logs, so that alarms can be made of it: names of fields, and their values.
 * The other fields are for people.
 */
export const LOG_FIELDS = {
  /** When, in the name that Lambda's own lines for Node.js have. */
  TIMESTAMP: 'timestamp',
  LEVEL: 'level',
  /** Which function. Lambda's own lines have no such field. */
  FUNCTION: 'function',
} as const;

/** How bad: a request that was answered with a 5xx is an `ERROR`, and nothing else is. */
export const LOG_LEVELS = { INFO: 'INFO', WARN: 'WARN', ERROR: 'ERROR' } as const;

export type LogLevel = keyof typeof LOG_LEVELS;
