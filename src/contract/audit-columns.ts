export type AuditColumnType = 'varchar' | 'timestamp' | 'bigint' | 'boolean' | 'double';

export interface AuditColumn {
  readonly name: string;
  readonly type: AuditColumnType;
  readonly description: string;
}
