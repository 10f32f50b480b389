import * as fs from 'node:fs';
import * as os from 'node:os';
import { synthesisedDatabase, viewDefinition, type SynthesisedDatabase } from './support/synthesised-database';
import { proves } from '../../fidelity/proves';
import { hasTrino, TRINO, Trino } from '../../tools/trino';

const NAMES = { artifacts: 'artifacts', trail: 'trail-logs', accessLogs: 'access-logs' } as const;

/** The Glue name of a type that Trino infers; strings of limited length are plain strings. */
function glueType(type: string): string {
  return type.replace(/^varchar(\(\d+\))?$/, 'string').replace(/^timestamp\(3\)$/, 'timestamp');
}

(hasTrino() ? describe : describe.skip)('the columns that the template declares for a view', () => {
  let trino: Trino;
  const folder = fs.mkdtempSync(`${os.tmpdir()}/no-logs-`);
  const variants: readonly (readonly [string, SynthesisedDatabase])[] = [
    ['with the API', synthesisedDatabase(NAMES)],
    [
      'with direct invocations and a perimeter',
      synthesisedDatabase(NAMES, { directInvocations: true, perimeter: { cidrs: ['198.51.100.0/24'] } }),
    ],
  ];

  beforeAll(async () => {
    trino = await Trino.start();
  }, 1_800_000);

  afterAll(() => {
    trino?.stop();
    fs.rmSync(folder, { recursive: true });
  });

  describe.each(variants)('%s', (_, database) => {
    beforeAll(() =>
      trino.open({
        name: database.name,
        tables: Object.values(database.tables),
        buckets: { [NAMES.trail]: folder, [NAMES.accessLogs]: folder },
      }),
    );

    const views = Object.values(database.tables).filter(({ TableType }) => TableType === 'VIRTUAL_VIEW');
    test.each(views.map((view) => [view.Name, view] as const))(
      'match those that Trino infers from its statement: %s',
      async (name, view) => {
        const { originalSql, columns } = viewDefinition(view);
        const inferred = (await trino.query(`SELECT * FROM (${originalSql}\n) LIMIT 0`)).columns;
        const seen = (await trino.query(`SELECT * FROM ${name} LIMIT 0`)).columns;

        expect(view.StorageDescriptor.Columns).toEqual(
          inferred.map(([column, type]) => ({ Name: column, Type: glueType(type) })),
        );
        expect(columns).toEqual(seen.map(([column, type]) => ({ name: column, type })));
        expect(seen.map(([column, type]) => [column, glueType(type)])).toEqual(
          inferred.map(([column, type]) => [column, glueType(type)]),
        );
        proves(TRINO, 'athena.column-types');
      },
    );
  });
});
