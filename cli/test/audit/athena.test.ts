import { AthenaDouble } from './athena-double';
import { Auditor, NOVEMBER_DAYS } from './auditor';
import { recordedRead } from './recorded-read';
import { coverageOf } from './report/answers';
import { type AuditDescription, auditParameterName } from '../../../src/contract/audit-description';
import { dayParameters } from '../../../src/contract/audit-questions';
import { billedBytes, costDollars, formatDollars } from '../../src/audit/athena/cost';
import { columnsOf, rowsOf } from '../../src/audit/athena/results';
import { QueryWatch } from '../../src/audit/athena/watch';
import type { QueryResult } from '../../src/audit/database/query-result';
import { namedQueries } from '../../src/audit/queries/queries';

const DESCRIPTION: AuditDescription = {
  schemaVersion: 1,
  region: 'eu-central-1',
  trail: { bucketName: 'trail-bucket', accounts: ['111122223333'], regions: ['eu-central-1'] },
  accessLogs: { bucketName: 'access-log-bucket', prefix: 'artifact-bucket/' },
  athena: { workGroup: 'models-audit', database: 'models_audit' },
  settings: {},
};
const GIGABYTE = 1024 ** 3;

let auditor: Auditor;
let athena: AthenaDouble;
beforeEach(async () => {
  auditor = new Auditor();
  athena = new AthenaDouble();
  auditor.person.awsEndpoint = (await athena.start()).origin;
  auditor.person.parameters = { [auditParameterName('models')]: JSON.stringify(DESCRIPTION) };
});
afterEach(async () => {
  await athena.stop();
  await auditor.leave();
});

const ask = async (...argv: string[]) => auditor.audit(...argv, ...NOVEMBER_DAYS);
const run = async (question: string, ...argv: string[]) => ask(
  'query', question, '--on', 'athena', '--store', 'models', ...argv,
);

describe('a query in Athena', () => {
  test('returns the same result as DuckDB, as a table, as CSV and as JSON', async () => {
    auditor.keep(
      recordedRead(), recordedRead({ person: '=grace()', bytesOut: 7 }),
      recordedRead({ person: 'linus', key: `models/churn/blobs/sha256/${'a'.repeat(64)}`, bytesOut: 2 ** 53 }),
    );

    for (const question of ['egress-by-principal', 'custody', 'egress-by-network']) {
      const local = await ask('query', question, '--logs', auditor.archive.folder, '--json');
      const { columns, rows } = JSON.parse(
        local.stdout,
      ) as { columns: QueryResult['columns']; rows: { [column: string]: QueryResult['rows'][0][0] }[] };
      expect(rows.length).toBeGreaterThan(0);
      athena.answer = { columns, rows: rows.map((row) => columns.map(({ name }) => row[name])) };
      for (const form of [[], ['--csv']]) {
        expect((await run(question, ...form)).stdout).toBe(
          (await ask('query', question, '--logs', auditor.archive.folder, ...form)).stdout,
        );
      }
      const onAthena = JSON.parse((await run(question, '--json')).stdout) as object;
      const { read: _read, ...same } = JSON.parse(local.stdout) as { read: object };
      expect(onAthena).toEqual({ ...same, athena: expect.any(Object) });
    }
  });

  test('without rows is "not checked" unless a second query finds the records that would show any', async () => {
    athena.answer = { columns: [{ name: 'principal', type: 'text' }], rows: [] };
    athena.coverage = coverageOf();
    expect(await run('egress-by-principal')).toMatchObject({ exitCode: 0, stdout: 'no rows\n' });

    athena.coverage = coverageOf({ object_reads: 0 });
    expect(await run('egress-by-principal')).toMatchObject({
      exitCode: 3, stdout: 'no rows\n', stderr: expect.stringContaining('not checked: The trail has no object reads') as unknown,
    });
    expect(athena.of('StartQueryExecution').map(({ QueryString }) => String(QueryString).split('\n', 1)[0])).toEqual([
      '-- How many bytes of model files did each principal download?', '-- Which days do the logs cover, and how many records of each kind do they contain?',
      '-- How many bytes of model files did each principal download?', '-- Which days do the logs cover, and how many records of each kind do they contain?',
    ]);
  });

  test('goes to the workgroup and the database of the store, with its days as quoted values', async () => {
    await run('egress-by-principal');

    expect(athena.of('StartQueryExecution')).toEqual([{
      QueryString: namedQueries().find(({ name }) => name === 'egress-by-principal')!.sql,
      ExecutionParameters: ["'2026-11-01'", "'2026-11-30'"],
      QueryExecutionContext: { Database: 'models_audit' },
      WorkGroup: 'models-audit',
      ClientRequestToken: expect.any(String),
    }]);
  });

  test('reports its state, the bytes scanned and the time', async () => {
    athena.steps = [['QUEUED', 0], ['RUNNING', GIGABYTE], ['RUNNING', 2 * GIGABYTE], ['SUCCEEDED', 3 * GIGABYTE]];

    const { stderr } = await run('egress-by-principal');

    expect(stderr.replace(/[0-9.]+ s$/gm, '…').split('\n')).toEqual([
      'Athena: queued, 0 B scanned, …', 'Athena: running, 1.00 GiB scanned, …',
      'Athena: succeeded, 3.00 GiB scanned, …',
      'Athena scanned 3.00 GiB in 4.2 s: $0.015 at $5.00 per TB, the list price (10 MB minimum per query; S3 and KMS requests are extra)', '',
    ]);
    expect(auditor.person.waits).toEqual([250, 500, 1_000]);
  });

  test('shows its progress on a terminal in one line that is cleared at the end', () => {
    let written = '';
    const watch = new QueryWatch('bars', { stderr: { write: (text) => { written += text; } }, now: () => 0 });

    watch.see({ state: 'QUEUED', scannedBytes: 0 });
    watch.see({ state: 'RUNNING', scannedBytes: GIGABYTE });
    watch.end();

    expect(written).toBe(
      '\r\u001b[2KAthena: queued, 0 B scanned, 0.0 s\r\u001b[2KAthena: running, 1.00 GiB scanned, 0.0 s\r\u001b[2K',
    );
  });

  test('reports its cost at the given price', async () => {
    athena.steps = [['SUCCEEDED', 3 * GIGABYTE]];

    const { stdout, stderr } = await run('egress-by-principal', '--json', '--price-per-terabyte', '6.75');

    const cost = {
      queryExecutionId: 'query-1', workGroup: 'models-audit', database: 'models_audit', region: 'eu-central-1',
      scannedBytes: 3 * GIGABYTE,
      billedBytes: 3 * GIGABYTE, milliseconds: 4_200, queuedMilliseconds: 300, dollars: 0.019775390625,
      dollarsPerTerabyte: 6.75,
    };
    expect(JSON.parse(stdout)).toMatchObject({ query: 'egress-by-principal', rows: [{ principal: 'ada' }], athena: cost });
    expect(JSON.parse(stderr)).toEqual({ athena: cost });
  });

  test('can be limited to one model or version', async () => {
    const columns = [
      { name: 'model', type: 'text' }, { name: 'version', type: 'text' }, { name: 'step', type: 'text' },
    ] as const;
    athena.answer = {
      columns,
      rows: [
        ['fraud', '1.0.0', 'published'],
        ['fraud', null, 'pushed'],
        ['fraud', '2.0.0', 'pulled'],
        ['churn', '1.0.0', 'pulled'],
      ],
    };

    const steps = async (of: string) => (await run('custody', '--of', of, '--csv')).stdout.trim().split('\n').slice(1);

    expect(await steps('fraud')).toEqual(['fraud,1.0.0,published', 'fraud,,pushed', 'fraud,2.0.0,pulled']);
    expect(await steps('fraud@1.0.0')).toEqual(['fraud,1.0.0,published', 'fraud,,pushed']);
  });
});

describe('a query that fails', () => {
  test.each([
    ['Bytes scanned limit was exceeded', 1, 'raise the property audit.analytics.scanLimit'],
    ['Access Denied (Service: Amazon S3; Status Code: 403)', 6, 'Assume the store\'s auditor role'],
    ["COLUMN_NOT_FOUND: line 3:1: Column 'x' cannot be resolved", 1, 'Install the version of model-store that matches'],
    ['Query exhausted resources at this scale factor', 1, 'Query fewer days'],
  ])('reports Athena\'s reason with a hint: %s', async (reason, code, hint) => {
    athena.steps = [['RUNNING', 5], ['FAILED', 10]];
    athena.reason = reason;

    const { exitCode, stdout, stderr } = await run('egress-by-principal');

    expect([exitCode, stdout]).toEqual([code, '']);
    expect(stderr).toContain(`model-store: the query failed in Athena: ${reason}\n  query execution: query-1\n`);
    expect(stderr).toContain(hint);
  });

  test('may have been canceled in Athena', async () => {
    athena.steps = [['CANCELLED', 10]];

    expect(await run('egress-by-principal')).toMatchObject({
      exitCode: 1, stdout: '', stderr: expect.stringContaining('the query was canceled in Athena'),
    });
  });

  test('is stopped in Athena, with a message, when the user interrupts', async () => {
    athena.steps = [['RUNNING', 5]];
    athena.onCall = () => {
      if (athena.of('GetQueryExecution').length === 3) {
        auditor.person.interruption.abort(Object.assign(new Error('interrupted'), { exitCode: 130 }));
      }
    };

    const { exitCode, stdout, stderr } = await run('egress-by-principal');

    expect([exitCode, stdout]).toEqual([130, '']);
    expect(athena.of('StopQueryExecution')).toEqual([{ QueryExecutionId: 'query-1' }]);
    expect(stderr).toContain(
      'stopped the query query-1 in Athena; the data it scanned is billed\nmodel-store: interrupted',
    );
  });

  test('and cannot be stopped is reported as possibly still running', async () => {
    athena.steps = [['RUNNING', 5]];
    athena.refusals = { StopQueryExecution: {
      status: 400, type: 'AccessDeniedException', message: 'not authorized to perform: athena:StopQueryExecution',
    } };
    athena.onCall = ({ action }) => action === 'GetQueryExecution' && auditor.person.interruption.abort(
      new Error('interrupted'),
    );

    expect((await run('egress-by-principal')).stderr).toContain(
      'the query query-1 may still be running in Athena: AWS does not permit athena:StopQueryExecution',
    );
  });

  test('for lack of permissions names the permission, the workgroup and the role to assume', async () => {
    athena.refusals = { StartQueryExecution: {
      status: 400,
      type: 'AccessDeniedException',
      message: 'You are not authorized to perform: athena:StartQueryExecution on the resource',
    } };

    const { exitCode, stderr } = await run('egress-by-principal');

    expect(exitCode).toBe(6);
    expect(stderr).toContain('AWS does not permit athena:StartQueryExecution on the workgroup models-audit');
    expect(stderr).toContain('Assume the store\'s auditor role');
  });
});

describe('wrong usage', () => {
  test.each([
    [['query', 'no-such-question', '--on', 'athena', '--store', 'models'], 2, 'unknown query "no-such-question"'],
    [['query', 'egress-by-principal', '--on', 'athena'], 2, 'Name the store with --store NAME'],
    [['query', 'egress-by-principal', '--on', 'athena', '--store', 'other'], 3, '/other/audit'],
    [
      ['query', 'egress-by-principal', '--on', 'athena', '--store', 'models', '--csv', '--json'],
      2,
      'cannot be combined with --json',
    ],
    [
      ['query', 'egress-by-principal', '--on', 'athena', '--store', 'models', '--settings', 'x.json'],
      2,
      '--settings: does not apply to "--on athena"',
    ],
    [
      ['query', 'egress-by-principal', '--on', 'athena', '--store', 'models', '--price-per-terabyte', 'much'],
      2,
      'number of dollars',
    ],
  ])('%j is reported before the query starts', async (argv, code, reported) => {
    const { exitCode, stderr } = await ask(...argv);

    expect([exitCode, athena.calls]).toEqual([code, []]);
    expect(stderr).toContain(reported);
  });
});

test('options that do not apply to Athena are rejected all at once', async () => {
  const { exitCode, stderr } = await run(
    'deletions', '--logs', 'x', '--access-logs', 'y', '--settings', 'z', '--html', 'page.html', '--of', 'fraud',
  );

  expect([exitCode, athena.calls]).toEqual([2, []]);
  expect(stderr.match(/^ {2}--[a-z-]+/gm)).toEqual([
    '  --of', '  --logs', '  --access-logs', '  --settings', '  --html',
  ]);
});

describe('the parameters for Athena', () => {
  test('are the first and the last day, once per placeholder of a query', () => {
    expect(
      dayParameters("SELECT a -- why?\nFROM t WHERE d BETWEEN ? AND ? AND c = '?' AND \"?\" IN (?, ?)", 'x', 'y'),
    ).toEqual(['x', 'y', 'x', 'y']);
  });
});

describe('the results from Athena', () => {
  test('are cells of the types that DuckDB returns', () => {
    const columns = columnsOf([
      'bigint',
      'double',
      'decimal(38,0)',
      'boolean',
      'timestamp(3)',
      'timestamp(6) with time zone',
      'varchar',
      'array(varchar)',
    ]
      .map((Type, index) => ({ Name: `c${index}`, Type })));
    expect(columns.map(({ type }) => type)).toEqual([
      'number', 'number', 'number', 'boolean', 'time', 'time', 'text', 'text',
    ]);
    const values = [
      '9007199254740993',
      '1.5E7',
      '12',
      'false',
      '2026-11-03 09:30:00.120',
      '2026-11-03 09:30:00.000000 UTC',
      '',
      '[a, b]',
    ];
    expect(rowsOf(
      [{ Data: values.map((VarCharValue) => ({ VarCharValue })) }, { Data: values.map(() => ({})) }], columns,
    )).toEqual([
      ['9007199254740993', 15_000_000, 12, false, '2026-11-03T09:30:00.12Z', '2026-11-03T09:30:00Z', '', '[a, b]'],
      values.map(() => null),
    ]);
  });

  test('is billed by the megabyte, with a minimum of ten', () => {
    expect(
      [0, 1, 10 * 1024 ** 2, 10 * 1024 ** 2 + 1].map((bytes) => billedBytes(bytes) / 1024 ** 2),
    ).toEqual([10, 10, 10, 11]);
    expect(costDollars(1024 ** 4, 5)).toBe(5);
    expect([costDollars(0, 5), 0.0153, 1.239, 0].map(formatDollars)).toEqual(['$0.000048', '$0.015', '$1.24', '$0.00']);
  });
});
