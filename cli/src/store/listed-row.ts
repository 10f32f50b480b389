import type { Metadata } from '../../../src/contract/manifest';
import type { AliasResponse } from '../../../src/contract/wire';
import type { FailureInResult } from '../runtime/failure';

/** What has to be read for a column, in addition to the names in the list. */
export type Part = 'name' | 'versions' | 'aliases' | 'manifest';

/** What a list shows of a manifest. Its signature is not checked. */
export interface VersionDetails {
  readonly createdAt: string;
  readonly createdBy: string;
  readonly files: number;
  readonly bytes: number;
  readonly base?: string;
  readonly metadata: Metadata;
  readonly manifestSha256: string;
}

/** A version of a model, or a model with its newest version. What was not read is absent. */
export interface ListedRow {
  readonly model: string;
  readonly version?: string;
  readonly publishedAt?: string;
  /** The aliases that point to the version, or all aliases of a model. */
  readonly aliases?: readonly Pick<AliasResponse, 'alias' | 'version'>[];
  readonly details?: VersionDetails;
  /** Why something could not be read. */
  readonly error?: FailureInResult;
}

/** Whether a part of the row was read. A part that was not has no values, which is not the same as being empty. */
export function wasRead(row: ListedRow, part: Part): boolean {
  switch (part) {
    case 'name': return true;
    case 'versions': return row.version !== undefined;
    case 'aliases': return row.aliases !== undefined;
    case 'manifest': return row.details !== undefined;
  }
}
