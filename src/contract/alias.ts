export const ALIAS_SCHEMA_VERSION = 1;

/** What is stored as `aliases/<alias>.json`; its S3 versions are the alias's history. */
export interface AliasPointer {
  readonly schemaVersion: typeof ALIAS_SCHEMA_VERSION;
  readonly model: string;
  readonly alias: string;
  readonly version: string;
  /** ISO 8601, UTC. */
  readonly updatedAt: string;
  readonly updatedBy: string;
  /** Why it moved, in the words of the one who moved it. */
  readonly reason?: string;
  /** The version it pointed to before. */
  readonly previousVersion?: string;
}
