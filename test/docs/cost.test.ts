import type { Stack } from 'aws-cdk-lib';
import { SecureModelArtifactStore } from '../../src';
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

describe('the cost of an idle store', () => {
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

  test('is the cost of the keys, alarms and rules in the template', () => {
    expect(table('idle')).toEqual([
      ['customer managed keys', String(counted.keys), dollars(counted.keys * priceOf('KMS key'))],
      ['metrics that alarms watch', String(counted.metrics), dollars(counted.metrics * priceOf('CloudWatch alarm'))],
      ['Contributor Insights rules', String(counted.rules), dollars(counted.rules * priceOf('Contributor Insights rule'))],
      ['together', '', dollars(idle)],
    ]);
    expect(prose).toContain(`${alarms.length} alarms watch ${counted.metrics} metrics`);
    expect(prose).toContain(`about $${Math.round(idle)} a month`);
    expect(textOf('README.md')).toContain(`about $${Math.round(idle)} a month`);
  });

  test('grows by a dollar for each of the first two rotations of a key', () => {
    const rotated = keys.filter(({ Properties }) => Properties.EnableKeyRotation).length;

    expect(rotated).toBe(6);
    expect(prose).toContain(`so ${dollars(idle + rotated)} in the second year, ${dollars(idle + 2 * rotated)} from the third on`);
  });

  test('includes nothing else that is charged while idle', () => {
    const charged = ['AWS::EC2::VPCEndpoint', 'AWS::WAFv2::WebACL', 'AWS::SecretsManager::Secret', 'AWS::EC2::NatGateway', 'AWS::RDS::DBInstance', 'AWS::DynamoDB::Table'];

    expect(charged.flatMap((type) => resources(type))).toEqual([]);
  });
});
