import type { VersionSummary } from '../../../src/contract/wire';

/** Newest first, as in `history`. Versions published in the same second are in descending order: 1.0.10, 1.0.9. */
export function newestFirst<Version extends VersionSummary>(versions: readonly Version[]): Version[] {
  return versions
    .map((version) => ({ version, time: timeOf(version) }))
    .sort((a, b) => b.time - a.time || compareVersions(b.version.version, a.version.version))
    .map(({ version }) => version);
}

/** A time that cannot be parsed is older than any other. */
function timeOf({ publishedAt }: VersionSummary): number {
  const time = Date.parse(publishedAt);
  return Number.isNaN(time) ? -8.64e15 : time;
}

/**
 * Orders the names of versions as people read them, lowest first: 1.9.0, 1.10.0, 2.0.0-rc1, 2.0.0. Names are not
 * limited to one scheme, and the libraries for SemVer, CalVer or PEP 440 each order only their own, so that a list with
 * several schemes would have no order. This one covers every name: commit hashes, then words with or without a number,
 * then numbers and dates.
 */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [partsOf(a), partsOf(b)];
  return compareTexts(left.prefix, right.prefix)
    || compareLists(left.numbers, right.numbers)
    || left.stage - right.stage
    || compareLists(left.rest, right.rest)
    || compareTexts(a, b);
}

interface Parts {
  /** Begins with a character that orders hashes, words and numbers. */
  readonly prefix: string;
  readonly numbers: readonly bigint[];
  /** 0 for a pre-release, which precedes its release; 1 otherwise. */
  readonly stage: 0 | 1;
  readonly rest: readonly (bigint | string)[];
}

/** A hash of Git has digits after letters, unlike a date that ends with a letter. */
const HASH = /^(?=[0-9]*[a-f]+[0-9])[0-9a-f]{7,64}$/;
const SEMVER = /^(v?)([0-9]+\.[0-9]+\.[0-9]+)(-.*)?$/;
const OTHER = /^([^0-9]*)([0-9]+(?:[._-][0-9]+)*|)(.*)$/s;

/** `-rc1`, as in SemVer, or `rc1` right after the number, as in PEP 440. */
const PRE_RELEASE = /^-[^0-9]|^[._]?(?:(?:alpha|beta|dev|pre|preview|rc)(?![a-z])|[abc][0-9])/;

function partsOf(name: string): Parts {
  if (HASH.test(name)) {
    return { prefix: `0${name}`, numbers: [], stage: 1, rest: [] };
  }
  const semver = SEMVER.exec(name);
  const [, prefix, number, rest = ''] = semver ?? OTHER.exec(name)!;
  const isPreRelease = semver === null ? number !== '' && PRE_RELEASE.test(rest) : rest !== '';
  return {
    prefix: prefix === '' || (prefix === 'v' && number !== '') ? '2' : `1${prefix}`,
    numbers: withoutFinalZeros(number.split(/[._-]/).filter((each) => each !== '').map(BigInt)),
    stage: isPreRelease ? 0 : 1,
    rest: (rest.match(/[0-9]+|[^0-9._-]+/g) ?? []).map((each) => (/^[0-9]/.test(each) ? BigInt(each) : each)),
  };
}

/** 1.0 is 1.0.0. */
function withoutFinalZeros(numbers: readonly bigint[]): readonly bigint[] {
  return numbers.slice(0, numbers.findLastIndex((number) => number !== 0n) + 1);
}

/** As in SemVer: a list precedes those that it begins, and numbers precede words. */
function compareLists(a: readonly (bigint | string)[], b: readonly (bigint | string)[]): number {
  for (let index = 0; index < Math.min(a.length, b.length); index++) {
    const [left, right] = [a[index], b[index]];
    const order = typeof left === typeof right ? compareTexts(left, right) : typeof left === 'bigint' ? -1 : 1;
    if (order !== 0) {
      return order;
    }
  }
  return a.length - b.length;
}

function compareTexts<Value extends bigint | string>(a: Value, b: Value): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
