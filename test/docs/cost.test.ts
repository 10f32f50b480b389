import type { Stack } from 'aws-cdk-lib';
import { SecureModelArtifactStore } from '../../src';
import { billOf, type Usage } from './support/bill';
import { textOf } from './support/documents';
import { templateOf } from '../support/app';

const document = textOf('docs/cost.md');
const prose = document.replace(/\s+/g, ' ');

/** The rows of the table behind a marker, without its head. */
function table(marker: string): string[][] {
  const text = document.split(`<!-- ${marker} -->`)[1] ?? '';
  const lines = text.trimStart().split('\n');
  const rows = lines.slice(0, lines.findIndex((line) => !line.startsWith('|')));
  return rows.slice(2).map((row) => row.split('|').slice(1, -1).map((cell) => cell.trim()));
}

const number = (text: string) => Number(text.replace(/[$,]/g, ''));
const dollars = (amount: number) => `$${amount.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;

/** A price is for one, or for the number that its row begins with: "10,000 (ECC)". */
const prices = new Map(table('prices').map(([name, price, per]) => [name, number(price) / (number(/^[\d,]+/.exec(per)?.[0] ?? '1'))]));
const priceOf = (name: string) => {
  const price = prices.get(name);
  if (price === undefined) throw new Error(`docs/cost.md has no price of "${name}"`);
  return price;
};

interface Alarm {
  readonly Properties: { readonly Metrics?: ReadonlyArray<{ readonly MetricStat?: unknown; readonly Expression?: string }> };
}

/** https://aws.amazon.com/cloudwatch/pricing/: by the metrics that an alarm names; one of anomaly detection counts as three. */
function metricsOf({ Properties: { Metrics } }: Alarm): number {
  if (!Metrics) return 1;
  if (Metrics.some(({ Expression }) => JSON.stringify(Expression ?? '').includes('ANOMALY_DETECTION_BAND'))) return 3;
  return Math.max(1, Metrics.filter(({ MetricStat }) => MetricStat).length);
}

describe('what a store costs that nobody uses', () => {
  const template = templateOf((stack: Stack) => new SecureModelArtifactStore(stack, 'Models'));
  const resources = <T>(type: string) => Object.values(template.findResources(type)) as T[];
  const keys = resources<{ Properties: { EnableKeyRotation?: boolean } }>('AWS::KMS::Key');
  const alarms = resources<Alarm>('AWS::CloudWatch::Alarm');
  const counted = {
    keys: keys.length,
    metrics: alarms.map(metricsOf).reduce((sum, metrics) => sum + metrics, 0),
    rules: resources('AWS::CloudWatch::InsightRule').length,
  };
  const idle = counted.keys * priceOf('KMS key') + counted.metrics * priceOf('CloudWatch alarm') + counted.rules * priceOf('Contributor Insights rule');

  test('is the keys, alarms and rules of the template, at these prices', () => {
    expect(table('idle')).toEqual([
      ['customer managed keys', String(counted.keys), dollars(counted.keys * priceOf('KMS key'))],
      ['metrics that alarms watch', String(counted.metrics), dollars(counted.metrics * priceOf('CloudWatch alarm'))],
      ['Contributor Insights rules', String(counted.rules), dollars(counted.rules * priceOf('Contributor Insights rule'))],
      ['together', '', dollars(idle)],
    ]);
    expect(prose).toContain(`${alarms.length} alarms watch ${counted.metrics} metrics`);
    expect(prose).toContain(`about $${Math.floor(idle)} a month`);
    expect(textOf('README.md')).toContain(`about $${Math.floor(idle)} a month`);
  });

  test('grows by a dollar for each of the first two rotations of a key', () => {
    const rotated = keys.filter(({ Properties }) => Properties.EnableKeyRotation).length;

    expect(rotated).toBe(6);
    expect(prose).toContain(`so ${dollars(idle + rotated)} in the second year, ${dollars(idle + 2 * rotated)} from the third on`);
  });

  test('has nothing else in it that is charged for without use', () => {
    const charged = ['AWS::EC2::VPCEndpoint', 'AWS::WAFv2::WebACL', 'AWS::SecretsManager::Secret', 'AWS::EC2::NatGateway', 'AWS::RDS::DBInstance', 'AWS::DynamoDB::Table'];

    expect(charged.flatMap((type) => resources(type))).toEqual([]);
  });

  test.each([0, 1, 2])('in use, the bill of team %i is the arithmetic of its usage', (team) => {
    const rows = table('bill').map(([line, ...amounts]) => [line, amounts[team]]);
    const bill = billOf(usageOf(team), priceOf, idle);

    expect(rows).toEqual(Object.entries(bill).map(([line, amount]) => [line, dollars(amount)]));
  });
});

test('in short, what is said first is what the bills say', () => {
  const bills = [0, 1, 2].map((team) => new Map(table('bill').map(([line, ...amounts]) => [line, number(amounts[team])])));
  const totals = bills.map((bill) => `$${Math.floor(bill.get('total')!).toLocaleString('en-US')}`);
  const [small, ...others] = bills.map((bill) => (bill.get('storage of models')! + bill.get('bytes to the Internet')!) / bill.get('total')!);

  expect(prose).toContain(`Of five people's ${totals[0]} the store is two thirds; of fifty people's ${totals[1]} and of five hundred people's ${totals[2]}, more than 94 %`);
  expect(textOf('README.md').replace(/\s+/g, ' ')).toContain(`about ${totals[0]} for five people`);
  expect(small).toBeCloseTo(1 / 3, 1);
  expect(Math.min(...others)).toBeGreaterThan(0.94);
});

function usageOf(team: number): Usage {
  const rows = new Map(table('usage').map(([name, ...values]) => [name, number(values[team])]));
  const of = (name: string) => {
    const value = rows.get(name);
    if (value === undefined || Number.isNaN(value)) throw new Error(`docs/cost.md has no "${name}" of team ${team}`);
    return value;
  };
  return {
    pushes: of('pushes'),
    pulls: of('pulls'),
    files: of('files in a version'),
    largeFiles: of('large files in a version'),
    parts: of('parts of large files'),
    callsOfPush: of('calls of a push'),
    callsOfPull: of('calls of a pull'),
    storedGigabytes: of('GB stored'),
    storedFiles: of('files stored'),
    archiveGigabytes: of('GB in the log archive'),
    athenaGigabytes: of('GB scanned by Athena'),
    internetGigabytes: of('GB to the Internet'),
  };
}
