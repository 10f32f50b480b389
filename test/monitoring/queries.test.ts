import * as fs from 'node:fs';
import * as path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { changed, oneRead, ordinaryRecords } from './egress/support';
import { aliasKey } from '../../src/contract/keys';
import { deniedRequests, egressByModel, egressByPerson, lastPromotions } from '../../src/monitoring/dashboard/trail-queries';
import { STORE } from '../support/audit/trail-record';
import { insights } from '../support/logs-insights';

const bucket = Bucket.fromBucketName(new Stack(new App(), 'Stack'), 'Bucket', STORE.bucket);
const month: any[] = ordinaryRecords(5_000);
const read = oneRead(month);
const promotion = changed(read, { eventName: 'PutObject', 'requestParameters.key': aliasKey('fraud', 'production'), 'additionalEventData.bytesTransferredOut': 0 });
const noReads = [
  promotion,
  changed(read, { 'requestParameters.bucketName': `${STORE.bucket}-logs`, 'requestParameters.key': 'models/elsewhere/blobs/sha256/a' }),
  changed(read, { errorCode: 'AccessDenied', sourceIPAddress: '198.51.100.7' }),
  changed(read, { eventSource: 'kms.amazonaws.com' }),
];
const records = [...month, ...noReads];
const ask = (queryLines: string[]) => insights(queryLines.join(' | '))(records);

/** Bytes by a key of each record, largest first, computed without a query. */
function truth(belongsTo: (record: any) => string | undefined): Array<[string, number]> {
  const sums = new Map<string, number>();
  for (const record of month.filter(({ eventName }) => eventName === 'GetObject')) {
    const key = belongsTo(record);
    if (key !== undefined) {
      sums.set(key, (sums.get(key) ?? 0) + record.additionalEventData.bytesTransferredOut);
    }
  }
  return [...sums].sort(([, a], [, b]) => b - a).slice(0, 20);
}

const rounded = (rows: Array<[unknown, number]>) => rows.map(([key, bytes]) => [key, Math.round(bytes)]);

describe('the tables of the dashboard', () => {
  test('show the exact egress by person', () => {
    const rows = ask(egressByPerson(bucket)).map(({ who, GiB }: any): [string, number] => [who, GiB * 1024 ** 3]);
    expect(rows).toHaveLength(20);
    expect(rounded(rows)).toEqual(rounded(truth(({ userIdentity }) => userIdentity.sessionContext.sourceIdentity ?? userIdentity.arn)));
  });

  test('show the exact egress by model', () => {
    const rows = ask(egressByModel(bucket)).map(({ model, GiB }: any): [string, number] => [model, GiB * 1024 ** 3]);
    expect(rows.length).toBeGreaterThan(10);
    expect(rounded(rows)).toEqual(rounded(truth(({ requestParameters }) => /^models\/([^/]+)\/blobs\//.exec(requestParameters.key)?.[1])));
  });

  test('show recent promotions, newest first: who moved which alias of which model', () => {
    const before = changed(promotion, { '@timestamp': 1 });
    const after = changed(promotion, { '@timestamp': 2, 'requestParameters.key': aliasKey('churn', 'candidate') });
    const rows = insights(lastPromotions(bucket).join(' | '))([before, after, ...month, changed(promotion, { errorCode: 'PreconditionFailed' })]);
    expect(rows).toMatchObject([
      { who: read.userIdentity.sessionContext.sourceIdentity, model: 'churn', alias: 'candidate' },
      { who: read.userIdentity.sessionContext.sourceIdentity, model: 'fraud', alias: 'production' },
    ]);
  });

  test('show denied requests: who was denied, and from which address', () => {
    expect(ask(deniedRequests(bucket))).toEqual([
      { who: read.userIdentity.sessionContext.sourceIdentity, eventName: 'GetObject', sourceIPAddress: '198.51.100.7', denied: 1 },
    ]);
  });
});

describe('the queries of the runbook', () => {
  const runbook = fs.readFileSync(path.join(__dirname, '..', '..', 'docs', 'runbook.md'), 'utf8');
  const queries = [...runbook.matchAll(/^ *```\n(.*?)```/gms)].map(([, query]) => query.trim().replace(/\s*\n\s*/g, ' '));

  test('are all found', () => {
    expect(queries.length).toBeGreaterThan(20);
  });

  test.each(queries)('%s', (query) => {
    expect(() => insights(query)(records)).not.toThrow();
  });

  test.each([
    'stats sum(a) as b', 'filter eventName == "a"', 'filter "a" in b', 'fields a as', 'parse key "models/*" as a, b', 'stats total(a) by b', 'filter a = "b" c',
  ])('would be rejected with a syntax error: %s', (query) => {
    expect(() => insights(query)(records)).toThrow();
  });
});
