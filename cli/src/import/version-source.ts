import type { FoundNames, Layout } from './layout';
import type { ErrorDetail } from '../../../src/contract/errors';
import type { FolderOptions, LeftOutPath } from '../folder/folder-contents';
import type { ProgressTask } from '../runtime/progress';

export interface PlaceFile {
  /** Path in the manifest: relative, POSIX, NFC. */
  readonly path: string;
  readonly size: number;
}

/** A version in the source. */
export interface Place {
  /** Shown to users and recorded in the manifest: `s3://bucket/models/fraud/1/` or a local folder. */
  readonly address: string;
  readonly found: FoundNames;
  readonly files: number;
  readonly bytes: number;
  /** When the oldest and the newest file were modified; milliseconds since 1970. */
  readonly firstModified: number;
  readonly lastModified: number;
  /** Why it cannot be imported; empty if it can. */
  readonly problems: readonly ErrorDetail[];
  /** Whether some of the problems are files whose name says that they hold secrets. */
  readonly hasSecrets: boolean;
  /** Not part of the version. */
  readonly leftOut: readonly LeftOutPath[];
  /** Changes with the content and is known without reading it. Undefined if the source has none. */
  readonly fingerprint?: string;
}

/** The rules for the files of every version; the same as for a push. */
export type SourceRules = Pick<FolderOptions, 'allowUnsafeNames' | 'exclude' | 'allowSecrets'>;

export interface LeftOut {
  readonly address: string;
  readonly why: string;
}

export interface Survey {
  readonly places: readonly Place[];
  /** Items that are not part of a version: the first few, and the total count. */
  readonly leftOut: readonly LeftOut[];
  readonly leftOutCount: number;
}

/** The files of a version in a local folder. */
export interface StagedPlace {
  readonly folder: string;
  /** Removes temporary files. */
  release(): Promise<void>;
}

export interface StageOptions {
  readonly signal: AbortSignal;
  readonly concurrency: number;
  readonly begin: (label: string, bytes: number) => ProgressTask;
}

export interface SurveyOptions {
  /** Lists only these models; undefined for all. */
  readonly models?: readonly string[];
  /** Called with the number of files listed so far. */
  readonly onFiles: (count: number) => void;
}

/** Where versions are imported from. Never modified. */
export interface VersionSource {
  readonly name: string;
  survey(layout: Layout, options: SurveyOptions): Promise<Survey>;
  /** Lists the current files of a version with their sizes. */
  list(place: Place): Promise<readonly PlaceFile[]>;
  stage(place: Place, options: StageOptions): Promise<StagedPlace>;
  close(): Promise<void>;
}

const MOST_EXAMPLES = 20;

/** Keeps the first few and counts the rest: a bucket may contain millions of other objects. */
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
