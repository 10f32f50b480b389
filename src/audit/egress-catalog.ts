import { Aws, Fn, Stack } from 'aws-cdk-lib';
import * as glue from 'aws-cdk-lib/aws-glue';
import { Construct } from 'constructs';
import type { TableDescription } from './trail-table';
import { AUDIT_VIEWS, type AuditColumnType } from '../contract/egress-events';

const GLUE_TYPES: { readonly [type in AuditColumnType]: string } = {
  varchar: 'string', timestamp: 'timestamp', bigint: 'bigint', boolean: 'boolean', double: 'double',
};
const TRINO_TYPES: { readonly [type in AuditColumnType]: string } = {
  ...GLUE_TYPES, varchar: 'varchar', timestamp: 'timestamp(3)',
};

/** A Glue database with tables over log files and views over these tables. */
export class EgressCatalog extends Construct {
  public readonly databaseName: string;
  /** Names of all tables and views. */
  public readonly tableNames: string[] = [];
  private readonly database: glue.CfnDatabase;

  constructor(scope: Construct, id: string, databaseName: string) {
    super(scope, id);
    this.databaseName = databaseName;
    this.database = new glue.CfnDatabase(this, 'Database', {
      catalogId: Aws.ACCOUNT_ID,
      databaseInput: {
        name: databaseName, description: 'Audit logs of the model store: tables for trail and access logs, and views',
      },
    });
  }

  public addTable(id: string, name: string, table: TableDescription): void {
    this.add(id, {
      name,
      description: table.description,
      tableType: 'EXTERNAL_TABLE',
      parameters: { EXTERNAL: 'TRUE', ...table.projection, 'storage.location.template': table.locationTemplate },
      partitionKeys: table.partitions.map((partition) => ({ name: partition, type: 'string' })),
      storageDescriptor: {
        ...table.storage,
        location: table.location,
        columns: Object.entries(table.columns).map(([column, type]) => ({ name: column, type })),
      },
    });
  }

  /**
   * Adds a view in the format that Athena uses in the catalog: statement and columns as Base64-encoded JSON in a
   * comment.
   * https://trino.io/docs/current/connector/hive.html#hive-views (Presto's own views)
   */
  public addView(id: string, name: string, sql: string): void {
    const columns = AUDIT_VIEWS[name];
    const view = Stack.of(this).toJsonString({
      originalSql: sql,
      catalog: 'awsdatacatalog',
      schema: this.databaseName,
      columns: columns.map((column) => ({ name: column.name, type: TRINO_TYPES[column.type] })),
    });
    this.add(id, {
      name,
      description: 'For the named queries',
      tableType: 'VIRTUAL_VIEW',
      parameters: { presto_view: 'true', comment: 'Presto View' },
      partitionKeys: [],
      viewOriginalText: `/* Presto View: ${Fn.base64(view)} */`,
      viewExpandedText: '/* Presto View */',
      storageDescriptor: {
        columns: columns.map((column) => ({ name: column.name, type: GLUE_TYPES[column.type] })),
        serdeInfo: {},
      },
    });
  }

  private add(id: string, tableInput: glue.CfnTable.TableInputProperty): void {
    const { databaseName } = this;
    const table = new glue.CfnTable(this, id, { catalogId: Aws.ACCOUNT_ID, databaseName, tableInput });
    table.node.addDependency(this.database);
    this.tableNames.push(tableInput.name!);
  }
}
