import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { expectSame } from './support/same-answers';
import { synthesisedDatabase, withSql } from './support/synthesised-database';
import { networksView } from '../../../src/audit/settings-view';
import { dayParameters } from '../../../src/contract/audit-questions';
import { proves } from '../../fidelity/proves';
import { askFolders, type Answers } from '../../support/audit/ask-evidence';
import { ASKED, LOG_BUCKETS, SETTINGS_FILE } from '../../support/audit/month-of-evidence';
import { plantedMonth } from '../../support/audit/planted-month';
import { STORE } from '../../support/audit/trail-record';
import { writeEvidence } from '../../support/audit/write-evidence';
import { HIVE, hasTrino, TRINO, Trino, type TrinoAnswer } from '../../tools/trino';

const DATABASE = synthesisedDatabase(
  { artifacts: STORE.bucket, trail: LOG_BUCKETS.trail, accessLogs: LOG_BUCKETS.access },
  {
    sessionRoles: SETTINGS_FILE.session_role_arns,
    auditorRoles: SETTINGS_FILE.auditor_role_arns,
    functionRoles: SETTINGS_FILE.function_role_arns,
    callerRoles: SETTINGS_FILE.caller_role_arns,
    directRoles: SETTINGS_FILE.direct_role_arns,
    deploymentRoles: SETTINGS_FILE.deployment_role_arns,
    watchedResources: SETTINGS_FILE.watched_resources,
    watchedPrefix: SETTINGS_FILE.watched_prefix,
    canaryModels: SETTINGS_FILE.canary_models,
    perimeter: { vpcEndpointIds: SETTINGS_FILE.perimeter_vpc_endpoints },
  },
);

(hasTrino() ? describe : describe.skip)(
  'the named queries of the template, on Trino over a month with exfiltrated models',
  () => {
    let folder: string;
    let duckDb: Answers;
    let trino: Trino;

    beforeAll(async () => {
      folder = fs.mkdtempSync(path.join(os.tmpdir(), 'month-on-trino-'));
      const folders = writeEvidence(folder, plantedMonth());
      duckDb = await askFolders(folders);
      trino = await Trino.start();
      await trino.open({
        name: DATABASE.name,
        tables: Object.values({
          ...DATABASE.tables,
          // The offices in this month have private addresses, which a store does not accept in a perimeter.
          perimeter_networks: withSql(
            DATABASE.tables.perimeter_networks,
            networksView(SETTINGS_FILE.perimeter_networks),
          ),
        }),
        buckets: { [LOG_BUCKETS.trail]: folders.logs, [LOG_BUCKETS.access]: folders.accessLogs },
      });
    }, 1_800_000);

    afterAll(() => {
      trino?.stop();
      fs.rmSync(folder, { recursive: true, force: true });
    });

    const answer = async (sql: string): Promise<TrinoAnswer> =>
      trino.query(sql, dayParameters(sql, ASKED.from, ASKED.to));

    test.each(DATABASE.queries.map(({ name, sql }) => [name, sql] as const))(
      '%s returns the same rows as model-store audit',
      async (name, sql) => {
        const onTrino = await answer(sql);
        const { columns, rows } = duckDb.get(name)!;
        expect(onTrino.rows.length).toBeGreaterThan(0);
        expectSame(
          name,
          onTrino,
          { columns: columns.map((column) => [column.name, column.type] as const), rows },
          true,
        );
        proves(TRINO, 'athena.named-queries', 'athena.views');
      },
      300_000,
    );

    test('the SerDe classes of Hive read every record and every line', async () => {
      const month = plantedMonth();
      const [[records, named]] = (await trino.query('SELECT count(*), count(useridentity.type) FROM trail_records'))
        .rows;
      const [[lines, read]] = (await trino.query('SELECT count(*), count(request_id) FROM access_log_records')).rows;
      expect({ records, lines, read }).toEqual({
        records: month.trail.length,
        lines: month.accessLog.length,
        read: month.accessLog.length,
      });
      expect(named).toBe(
        month.trail.filter(({ record }) => (record.userIdentity as { type?: string } | null)?.type !== undefined)
          .length,
      );
      proves(HIVE, 'athena.serde.json', 'athena.serde.regex');
    });

    test('a query for one day reads only the files of that day', async () => {
      const { partitions } = await trino.query('SELECT count(*) FROM trail_events WHERE event_day BETWEEN ? AND ?', [
        '2026-11-05',
        '2026-11-05',
      ]);
      expect(partitions).toEqual([{ account: STORE.account, region: STORE.region, day: '2026/11/05' }]);
      proves(TRINO, 'athena.partition-pruning');
    });
  },
);
