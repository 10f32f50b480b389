import { publicTypes } from './support/assembly';
import { textOf } from './support/documents';

interface Claim {
  readonly property: string;
  readonly said: string;
}

/** The defaults in the tables of a guide: rows with a property in one column, and its default in another. */
function claimsOf(guide: string): Claim[] {
  return textOf(`docs/guides/${guide}`).split('\n\n').filter((part) => part.startsWith('| ')).flatMap((table) => {
    const [head, , ...rows] = table.split('\n').map((row) => row.split('|').slice(1, -1).map((cell) => cell.trim()));
    const property = head.findIndex((cell) => cell.startsWith('property'));
    const byDefault = head.findIndex((cell) => cell.includes('default'));
    return property < 0 || byDefault < 0 ? [] : rows.flatMap((row) => {
      const [, path] = /^`([\w.]+)`$/.exec(row[property]) ?? [];
      return path === undefined ? [] : [{ property: path.split('.').at(-1)!, said: row[byDefault] }];
    });
  });
}

/** Defaults of all properties of that name, as their documentation has them; that they are the real ones other tests prove. */
function defaultsOf(name: string): string[] {
  const properties = publicTypes().flatMap((type) => type.properties ?? []);
  return properties.filter((property) => property.name === name).flatMap(({ docs }) => docs?.default ?? []);
}

/** Compares the first number, if there is one. */
function agrees({ property, said }: Claim): boolean {
  const number = /\d+/.exec(said)?.[0];
  return defaultsOf(property).some((text) => number === undefined || new RegExp(`(?<!\\d)${number}(?!\\d)`).test(text));
}

describe('defaults in the guides', () => {
  const claims = ['delete-and-retention.md', 'alarms-and-notifications.md'].flatMap(claimsOf);

  test('are those of the API', () => {
    expect(claims.length).toBeGreaterThan(8);
    expect(claims.filter((claim) => !agrees(claim))).toEqual([]);
  });

  test('that are wrong would be reported', () => {
    expect(agrees({ property: 'noncurrentVersionExpiration', said: '40 days' })).toBe(false);
    expect(agrees({ property: 'egressPerPrincipal', said: '5 GiB within an hour' })).toBe(false);
    expect(agrees({ property: 'noSuchProperty', said: 'kept' })).toBe(false);
  });
});
