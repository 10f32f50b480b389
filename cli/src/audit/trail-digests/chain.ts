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
  /** Of the metadata of the object. */
  readonly signature?: string;
}

export interface JudgedDigest extends LoadedDigest {
  /** Nothing here says what the signature of an `unsigned` one is. */
  readonly state: 'signed' | 'unsigned' | 'bad';
  /** Whether it follows, without a gap, the one before it in the list. */
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
  /** Digest files that sign for nothing in it are only asked what they know of the one before. */
  readonly span: Partial<Span>;
  /** The bucket they lie in; absent in a folder. */
  readonly bucket?: string;
}

interface Claim {
  readonly hash: string;
  readonly signature: string;
  readonly by: JudgedDigest;
}

/** Follows the digest files of one chain, sorted by their times, from the newest to the oldest. */
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
      const judged = { ...digest, state: this.stateOf(digest, claims.get(placeOf(digest.file.name)), index), linked: false };
      this.judged[index] = judged;
      const previous = digest.read?.digest.previous;
      if (previous) {
        claims.set(placeOf(previous.key), { ...previous, by: judged });
      }
    }
    this.link();
    return { digests: this.judged.filter((digest) => this.matters(digest)), problems: this.problems, notes: this.notes };
  }

  private stateOf(digest: LoadedDigest, claim: Claim | undefined, index: number): JudgedDigest['state'] {
    const { file, read, signature: own } = digest;
    if (!read) {
      return this.bad(digest, 'digest_unreadable', 'a digest file as CloudTrail writes them', digest.fault ?? 'something else');
    }
    const written = `${read.digest.bucket}/${read.digest.key}`;
    const isElsewhere = this.options.bucket === undefined ? placeOf(read.digest.key) !== placeOf(file.name) : written !== `${this.options.bucket}/${file.name}`;
    if (isElsewhere) {
      return this.bad(digest, 'digest_moved', `to lie at ${written}`, 'it elsewhere');
    }
    const signature = own ?? claim?.signature;
    if (signature === undefined) {
      return this.unsigned(digest, index);
    }
    const fault = signatureFault(read, signature, this.options.keys);
    if (fault === 'unknown key') {
      return this.bad(digest, 'key_unknown', `the public key ${read.digest.fingerprint}`, `among the public keys ${[...this.options.keys.keys()].join(', ') || 'none'}`);
    }
    // A changed digest file may say anything of the one before it.
    if (claim && claim.by.state !== 'bad' && claim.hash !== read.hash && (fault === 'wrong' || claim.by.state === 'signed')) {
      return this.bad(digest, 'digest_changed', `SHA-256 ${claim.hash}, as ${claim.by.file.name} knows`, `SHA-256 ${read.hash}`);
    }
    if (fault === undefined) {
      return 'signed';
    }
    const known = `a signature with the key ${read.digest.fingerprint} over this content`;
    if (claim !== undefined && own !== undefined && signatureFault(read, claim.signature, this.options.keys) === undefined) {
      this.report(digest, 'digest_signature', `${known} in the metadata of the object`, 'another one; the digest file after it still has the right one');
      return 'signed';
    }
    return this.bad(digest, 'digest_signature', known, 'one that does not fit: the content, the signature or the key is another');
  }

  private unsigned(digest: LoadedDigest, index: number): JudgedDigest['state'] {
    if (this.options.bucket !== undefined) {
      return this.bad(digest, 'digest_signature', 'its signature in the metadata of the object', 'none');
    }
    if (index < this.loaded.length - 1 || this.loaded.length === 1) {
      this.report(digest, 'digest_signature', 'its signature, in the digest file after it', 'none: that one is not here or not good, and a download loses the metadata of the object');
    } else if (this.matters(digest)) {
      this.notes.push(`${digest.file.name} is the newest digest file here, and its own signature cannot be checked: it is in the metadata of the object in S3,`
        + ' which a download loses, and in the digest file after it, which is not here');
    }
    return 'unsigned';
  }

  private link(): void {
    for (let at = this.judged.length - 1; at >= 0;) {
      const { read, state } = this.judged[at];
      at = read && state !== 'bad' ? this.linkToPrevious(at, read) : at - 1;
    }
  }

  /** Where to go on. */
  private linkToPrevious(at: number, { digest }: ReadDigest): number {
    const current = this.judged[at];
    const before: JudgedDigest | undefined = this.judged[at - 1];
    if (!digest.previous) {
      if (before) {
        this.report(current, 'chain_restarted', `to go on from ${before.file.name}`,
          'the first of a new chain: logging or its validation was stopped, or the trail was made anew', { from: endOf(before), to: digest.startTime });
      } else if (this.matters(current) && !current.name.backfill) {
        this.notes.push(`the chain begins at ${digest.startTime}: ${current.file.name} is its first digest file`);
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
      this.report(passedBy, 'digest_unlinked', `to be known to ${current.file.name}`, `that one goes on from ${this.judged[target].file.name}`);
    }
    const end = endOf(this.judged[target]);
    if (end < digest.startTime && !current.name.backfill) {
      this.report(current, 'gap', `to begin at ${end}, where ${this.judged[target].file.name} ends`, `it begins at ${digest.startTime}`, { from: end, to: digest.startTime });
    } else {
      current.linked = true;
    }
    return target;
  }

  private notHere(
    current: JudgedDigest, previous: NonNullable<ReadDigest['digest']['previous']>, startTime: string, before: JudgedDigest | undefined,
  ): void {
    const { span } = this.options;
    if (previous.bucket !== current.read?.digest.bucket) {
      if (this.matters(current)) {
        this.notes.push(`before ${startTime} the trail delivered to the bucket ${previous.bucket}, at ${previous.key}, which was not looked at`);
      }
    } else if (before || (span.from !== undefined && startTime > span.from)) {
      this.report({ ...current, file: { name: previous.key, size: 0 } }, 'digest_missing', `SHA-256 ${previous.hash}, as ${current.file.name} knows`, 'no such file',
        { from: before && endOf(before), to: startTime });
    } else if (span.from === undefined) {
      this.notes.push(`the chain goes on before ${startTime}, at ${previous.key}, which is not here`);
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
    return (span.from === undefined || to === undefined || to > span.from) && (span.to === undefined || from === undefined || from < span.to);
  }
}

export function endOf({ name }: LoadedDigest): string {
  return name.endTime;
}

/** The times for which every digest file is signed and follows the one before it, and `isGood` besides. */
export function wholeSpans(digests: readonly JudgedDigest[], isGood: (digest: JudgedDigest) => boolean, within: Partial<Span> = {}): Span[] {
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
