import { type ReadDigest, signatureFault } from './digest-file';
import type { EvidenceFile } from './evidence';
import { type DigestName, placeOf } from './file-names';
import type { Problem, ProblemKind, Span } from './problems';
import type { PublicKeys } from './public-keys';

export interface LoadedDigest {
  readonly file: EvidenceFile;
  readonly name: DigestName;
  readonly read?: ReadDigest;
  /** Why it could not be read. */
  readonly fault?: string;
  /** From the metadata of the S3 object. */
  readonly signature?: string;
}

export interface JudgedDigest extends LoadedDigest {
  /** For `unsigned`, the signature is not available. */
  readonly state: 'signed' | 'unsigned' | 'bad';
  /** Whether it follows the previous one in the list without a gap. */
  linked: boolean;
}

export interface JudgedChain {
  /** Oldest first. */
  readonly digests: readonly JudgedDigest[];
  readonly problems: readonly Problem[];
  readonly notes: readonly string[];
}

export interface ChainOptions {
  readonly keys: PublicKeys;
  /** Digest files outside this span are only used to verify the one before them. */
  readonly span: Partial<Span>;
  /** The bucket of the digest files; undefined for a folder. */
  readonly bucket?: string;
}

interface Claim {
  readonly hash: string;
  readonly signature: string;
  readonly by: JudgedDigest;
}

/** Follows the digest files of one chain, which are sorted by time, from the newest to the oldest. */
export function judgeChain(loaded: readonly LoadedDigest[], options: ChainOptions): JudgedChain {
  return new Chain(loaded, options).judge();
}

class Chain {
  private readonly judged: JudgedDigest[] = [];
  private readonly problems: Problem[] = [];
  private readonly notes: string[] = [];
  private readonly indexByPlace: ReadonlyMap<string | undefined, number>;

  constructor(private readonly loaded: readonly LoadedDigest[], private readonly options: ChainOptions) {
    this.indexByPlace = new Map(loaded.map(({ file }, index) => [placeOf(file.name), index]));
  }

  judge(): JudgedChain {
    const claims = new Map<string | undefined, Claim>();
    for (let index = this.loaded.length - 1; index >= 0; index--) {
      const digest = this.loaded[index];
      const state = this.stateOf(digest, claims.get(placeOf(digest.file.name)), index);
      const judged = { ...digest, state, linked: false };
      this.judged[index] = judged;
      const previous = digest.read?.digest.previous;
      if (previous) {
        claims.set(placeOf(previous.key), { ...previous, by: judged });
      }
    }
    this.link();
    const digests = this.judged.filter((digest) => this.matters(digest));
    return { digests, problems: this.problems, notes: this.notes };
  }

  private stateOf(digest: LoadedDigest, claim: Claim | undefined, index: number): JudgedDigest['state'] {
    const { file, read, signature: own } = digest;
    if (!read) {
      return this.bad(digest, 'digest_unreadable', 'a valid CloudTrail digest file', digest.fault ?? 'something else');
    }
    const written = `${read.digest.bucket}/${read.digest.key}`;
    const { bucket } = this.options;
    const isElsewhere = bucket === undefined ? placeOf(read.digest.key) !== placeOf(file.name)
      : written !== `${bucket}/${file.name}`;
    if (isElsewhere) {
      return this.bad(digest, 'digest_moved', `the file at ${written}`, 'the file at another location');
    }
    const signature = own ?? claim?.signature;
    if (signature === undefined) {
      return this.unsigned(digest, index);
    }
    const fault = signatureFault(read, signature, this.options.keys);
    if (fault === 'unknown key') {
      const known = [...this.options.keys.keys()].join(', ') || 'none';
      return this.bad(digest, 'key_unknown', `the public key ${read.digest.fingerprint}`,
        `only these public keys: ${known}`);
    }
    // The hash that a changed digest file states for the previous one proves nothing.
    const isOtherHash = claim && claim.by.state !== 'bad' && claim.hash !== read.hash;
    if (isOtherHash && (fault === 'wrong' || claim.by.state === 'signed')) {
      const expected = `SHA-256 ${claim.hash}, according to ${claim.by.file.name}`;
      return this.bad(digest, 'digest_changed', expected, `SHA-256 ${read.hash}`);
    }
    if (fault === undefined) {
      return 'signed';
    }
    const known = `a signature of this content by the key ${read.digest.fingerprint}`;
    const { keys } = this.options;
    if (claim !== undefined && own !== undefined && signatureFault(read, claim.signature, keys) === undefined) {
      this.report(digest, 'digest_signature', `${known} in the metadata of the object`,
        'a different signature; the next digest file has the correct one');
      return 'signed';
    }
    return this.bad(digest, 'digest_signature', known,
      'a signature that does not match: the content, the signature or the key was changed');
  }

  private unsigned(digest: LoadedDigest, index: number): JudgedDigest['state'] {
    if (this.options.bucket !== undefined) {
      return this.bad(digest, 'digest_signature', 'a signature in the metadata of the object', 'none');
    }
    if (digest.name.backfill) {
      // No digest file repeats this signature, so a copy cannot have it. It is reported as not verified.
      return 'unsigned';
    }
    if (index < this.loaded.length - 1 || this.loaded.length === 1) {
      this.report(digest, 'digest_signature', 'its signature, in the next digest file',
        'none: the next digest file is missing or invalid, and a download loses the metadata of the object');
    } else if (this.matters(digest)) {
      this.notes.push(`the signature of the newest digest file, ${digest.file.name}, was not verified: it is in the `
        + 'metadata of the S3 object, which a download loses, and in the next digest file, which is not here');
    }
    return 'unsigned';
  }

  private link(): void {
    for (let at = this.judged.length - 1; at >= 0;) {
      const { read, state } = this.judged[at];
      at = read && state !== 'bad' ? this.linkToPrevious(at, read) : at - 1;
    }
  }

  /** Returns the index to continue from. */
  private linkToPrevious(at: number, { digest }: ReadDigest): number {
    const current = this.judged[at];
    const before: JudgedDigest | undefined = this.judged[at - 1];
    if (!digest.previous) {
      if (before) {
        this.report(current, 'chain_restarted', `a continuation of ${before.file.name}`,
          'the start of a new chain: logging or log file validation was stopped, or the trail was recreated',
          { from: endOf(before), to: digest.startTime });
      } else if (this.matters(current) && !current.name.backfill) {
        this.notes.push(`the chain starts at ${digest.startTime} with its first digest file, ${current.file.name}`);
      }
      return at - 1;
    }
    const target = this.indexByPlace.get(placeOf(digest.previous.key));
    if (target === undefined || target >= at) {
      this.notHere(current, digest.previous, digest.startTime, before);
      return at - 1;
    }
    for (const passedBy of this.judged.slice(target + 1, at)) {
      this.judged[this.judged.indexOf(passedBy)] = { ...passedBy, state: 'bad' };
      this.report(passedBy, 'digest_unlinked', `a reference in ${current.file.name}`,
        `a reference to ${this.judged[target].file.name} instead`);
    }
    const end = endOf(this.judged[target]);
    if (end < digest.startTime && !current.name.backfill) {
      this.report(current, 'gap', `start at ${end}, where ${this.judged[target].file.name} ends`,
        `start at ${digest.startTime}`, { from: end, to: digest.startTime });
    } else {
      current.linked = true;
    }
    return target;
  }

  private notHere(
    current: JudgedDigest, previous: NonNullable<ReadDigest['digest']['previous']>, startTime: string,
    before: JudgedDigest | undefined,
  ): void {
    const { span } = this.options;
    if (previous.bucket !== current.read?.digest.bucket) {
      if (this.matters(current)) {
        this.notes.push(`before ${startTime}, the trail was delivered to ${previous.bucket}/${previous.key}, `
          + 'which was not checked');
      }
    } else if (before || (span.from !== undefined && startTime > span.from)) {
      const expected = `SHA-256 ${previous.hash}, according to ${current.file.name}`;
      this.report({ ...current, file: { name: previous.key, size: 0 } }, 'digest_missing', expected, 'no such file',
        { from: before && endOf(before), to: startTime });
    } else if (span.from === undefined) {
      this.notes.push(`the chain continues before ${startTime} with ${previous.key}, `
        + 'which is not here and was not checked');
    }
  }

  private bad(digest: LoadedDigest, kind: ProblemKind, expected: string, found: string): 'bad' {
    this.report(digest, kind, expected, found);
    return 'bad';
  }

  private report(digest: LoadedDigest, kind: ProblemKind, expected: string, found: string, of?: Partial<Span>): void {
    const span = of ?? { from: digest.read?.digest.startTime, to: endOf(digest) };
    if (this.matters(digest) || this.overlaps(span)) {
      const { account, region, trail } = digest.name;
      this.problems.push({ kind, account, region, trail, file: digest.file.name, expected, found, ...span });
    }
  }

  private matters(digest: LoadedDigest): boolean {
    return this.overlaps({ from: digest.read?.digest.startTime ?? endOf(digest), to: endOf(digest) });
  }

  private overlaps({ from, to }: Partial<Span>): boolean {
    const { span } = this.options;
    return (span.from === undefined || to === undefined || to > span.from)
      && (span.to === undefined || from === undefined || from < span.to);
  }
}

export function endOf({ name }: LoadedDigest): string {
  return name.endTime;
}

/** The periods in which every digest file is signed, follows the previous one and satisfies `isGood`. */
export function wholeSpans(
  digests: readonly JudgedDigest[], isGood: (digest: JudgedDigest) => boolean, within: Partial<Span> = {},
): Span[] {
  const spans: Span[] = [];
  let follows = false;
  for (const digest of digests) {
    if (digest.state !== 'signed' || !digest.read || !isGood(digest)) {
      follows = false;
      continue;
    }
    const { startTime: from, endTime: to } = digest.read.digest;
    const last = spans.length - 1;
    if (follows && digest.linked) {
      spans[last] = { from: spans[last].from, to };
    } else {
      spans.push({ from, to });
    }
    follows = true;
  }
  const clipped = spans.map(({ from, to }) => ({
    from: within.from !== undefined && within.from > from ? within.from : from,
    to: within.to !== undefined && within.to < to ? within.to : to,
  }));
  return clipped.filter(({ from, to }) => from < to);
}
