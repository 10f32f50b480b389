/** The contract between the test's stack and the function that acts as users. */

export interface Errand {
  /** One of the store's own roles. */
  readonly roleArn: string;
  /** The name of their session. */
  readonly person: string;
  /** Words for the command line, each run in the same empty folder. A failed one does not keep the next from being tried. */
  readonly commands: string[][];
  /** Files to make below `model/` first: their names and sizes in bytes. */
  readonly files?: { readonly [name: string]: number };
  /** A row that has to be in the answer to the last command. */
  readonly row?: ExpectedRow;
}

export interface ExpectedRow {
  /** How the principal of the row ends, but for the hash behind a name that is too long for a session. */
  readonly person: string;
  readonly atLeastBytesOut: number;
}

export interface ErrandResult {
  /** See `model-store --help`. */
  readonly exitCodes: number[];
  readonly pulledFiles: number;
  /** Whether `pulled/` has the same files as `model/`, byte for byte. */
  readonly same: boolean;
  /** Whether the row was in the answer, if one had to be. */
  readonly found?: boolean;
  /** The output of failed commands. */
  readonly failures: string[];
}

export const ROW_PRINCIPAL = (person: string): RegExp => new RegExp(`=${person}(\\+[0-9a-f]{16})?$`);
