import { isName, RESERVED_NAMES } from '../../../src/contract/names';

const LONGEST_NAME = 128;

/** The closest valid name; undefined if there is none. */
export function tidyName(name: string, what: string): string | undefined {
  const tidy = name.normalize('NFKD').replace(/\p{Mark}/gu, '').toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/\.{2,}/g, '.')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, LONGEST_NAME)
    .replace(/[-._]+$/, '');
  const free = RESERVED_NAMES.includes(tidy) ? `${tidy}-${what}` : tidy;
  return isName(free) ? free : undefined;
}
