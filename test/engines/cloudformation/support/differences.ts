import { UNRESOLVED } from './template';

export interface Difference {
  /** The property path, such as `TableInput.Parameters.type`, without list indices, as the order may differ. */
  readonly path: string;
  readonly expected: unknown;
  readonly found: unknown;
}

/**
 * Settings in the template that the service does not have. A service can have more, such as defaults and IDs. It can
 * also return numbers as strings, documents as JSON, lists in another order, and a list of one item as that item.
 */
export function differences(expected: unknown, found: unknown, path = ''): Difference[] {
  if (expected === UNRESOLVED) {
    return [{ path, expected: 'a resource that the emulator lacks', found }];
  }
  if (Array.isArray(expected)) {
    const items = Array.isArray(found) ? found : [found];
    return expected.flatMap((item) => {
      const [best = []] = items.map((other) => differences(item, other, path)).sort((one, other) => one.length - other.length);
      return items.length === 0 ? [{ path, expected: item, found: undefined }] : best;
    }).filter((difference, index, all) => all.findIndex(({ path: same }) => same === difference.path) === index);
  }
  if (expected !== null && typeof expected === 'object') {
    const other = asObject(found);
    if (other === undefined) {
      return [{ path, expected, found }];
    }
    return Object.entries(expected).flatMap(([name, value]) => differences(value, other[name], path === '' ? name : `${path}.${name}`));
  }
  if (typeof expected === 'string' && typeof found === 'object' && found !== null) {
    const [only] = Array.isArray(found) && found.length === 1 ? found : [undefined];
    return only === expected || sameDocument(expected, found) ? [] : [{ path, expected, found }];
  }
  return String(expected) === String(found) ? [] : [{ path, expected, found }];
}

function asObject(value: unknown): { readonly [name: string]: unknown } | undefined {
  if (typeof value === 'string' && value.startsWith('{')) {
    return JSON.parse(value) as { readonly [name: string]: unknown };
  }
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? value as { readonly [name: string]: unknown } : undefined;
}

function sameDocument(text: string, value: object): boolean {
  try {
    return differences(JSON.parse(text), value).length === 0;
  } catch {
    return false;
  }
}
