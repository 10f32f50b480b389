import type { FoundNames, Layout } from './layout';
import type { ErrorDetail } from '../../../src/contract/errors';
import type { ProgressTask } from '../runtime/progress';

export interface PlaceFile {
  /** As it will stand in the manifest: relative, POSIX, NFC. */
  readonly path: string;
  readonly size: number;
}

/** Something in the source that looks like a version. */
export interface Place {
  /** For people and for the manifest: `s3://bucket/models/fraud/1/`, or a folder of this machine. */
  readonly address: string;
  readonly found: FoundNames;
  readonly files: number;
  readonly bytes: number;
  /** Of the oldest and of the newest of its files; milliseconds since 1970. */
  readonly firstModified: number;
  readonly lastModified: number;
  /** Why no version can be made of it; empty if one can. */
  readonly problems: readonly ErrorDetail[];
  /** Changes whenever a byte of it does, and is known without reading one; where there is such a thing. */
  readonly fingerprint?: string;
}

export interface LeftOut {
  readonly address: string;
  readonly why: string;
}

export interface Survey {
  readonly places: readonly Place[];
  /** What belongs to no version: the first of it, and how much it is. */
  readonly leftOut: readonly LeftOut[];
  readonly leftOutCount: number;
}

/** The files of a place, in a folder of this machine. */
export interface StagedPlace {
  readonly folder: string;
  /** Removes what was only put there for the import. */
  release(): Promise<void>;
}

export interface StageOptions {
  readonly signal: AbortSignal;
  readonly concurrency: number;
  readonly begin: (label: string, bytes: number) => ProgressTask;
}

export interface SurveyOptions {
  /** Of what else there is, nothing has to be looked at; undefined: everything is. */
  readonly models?: readonly string[];
  /** Told now and then of how many files were looked at. */
  readonly onFiles: (count: number) => void;
}

/** Where versions lie that are in no store yet. Nothing in it is ever changed. */
export interface Source {
  readonly name: string;
  survey(layout: Layout, options: SurveyOptions): Promise<Survey>;
  /** Its files, with their sizes, as they are now. */
  list(place: Place): Promise<readonly PlaceFile[]>;
  stage(place: Place, options: StageOptions): Promise<StagedPlace>;
  close(): Promise<void>;
}

const MOST_EXAMPLES = 20;

/** Keeps the first few and counts the rest: a bucket may hold millions of other things. */
export class LeftOuts {
  readonly examples: LeftOut[] = [];
  count = 0;

  add(address: string, why: string): void {
    this.count++;
    if (this.examples.length < MOST_EXAMPLES) {
      this.examples.push({ address, why });
    }
  }
}
