/** Whether a value from a stored JSON document is an object, not a list. */
export function isObject(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether each of these fields is a string; those in `optional` can be missing. */
export function hasStrings(value: unknown, required: readonly string[], optional: readonly string[] = []): boolean {
  return isObject(value) && required.every((name) => typeof value[name] === 'string')
    && optional.every((name) => value[name] === undefined || typeof value[name] === 'string');
}

export function isListOfStrings(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
