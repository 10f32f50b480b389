import { Template } from 'aws-cdk-lib/assertions';
import type { MonitoredStore } from '../../../src/monitoring/store-monitoring-props';
import { NOVEMBER, OrdinaryMonth } from '../../support/audit/ordinary-month';
import { Random } from '../../support/audit/random';
import { dataEvent, STORE, type TrailRecord } from '../../support/audit/trail-record';
import type { InsightRule } from '../../support/contributor-insights';
import { matchesPattern, metricValueOf } from '../../support/filter-pattern';
import { byName, deployed, MonitoredStack } from '../fixtures';

/** Rules and filters of a monitored store, to apply to records. */
export class EgressCounts {
  private readonly rules: { [name: string]: any };
  private readonly filters: { [name: string]: any };

  constructor(props: Partial<MonitoredStore> = {}) {
    const template = Template.fromStack(new MonitoredStack(() => props));
    this.rules = byName(template, 'AWS::CloudWatch::InsightRule');
    this.filters = byName(template, 'AWS::Logs::MetricFilter');
  }

  rule(name: string): InsightRule | undefined {
    return this.rules[name] && JSON.parse(deployed(this.rules[name].RuleBody));
  }

  pattern(name: string): string | undefined {
    return this.filters[name] && deployed(this.filters[name].FilterPattern);
  }

  counts(name: string, record: object): boolean {
    return matchesPattern(this.pattern(name)!, JSON.stringify(record));
  }

  sum(name: string, records: readonly object[]): number {
    const [{ MetricValue }] = this.filters[name].MetricTransformations;
    return records.map((record) => JSON.stringify(record)).filter((line) => matchesPattern(this.pattern(name)!, line))
      .reduce((sum, line) => sum + (metricValueOf(MetricValue, line) ?? 0), 0);
  }
}

/** The trail records of a month of ordinary work. */
export function ordinaryRecords(events: number): TrailRecord[] {
  const random = new Random(7);
  return [...new OrdinaryMonth({ ...NOVEMBER, events }).slots()]
    .flatMap(({ requests }) => requests.map((request) => dataEvent(request, STORE, random)));
}

/** The complete record of the first read of a model file by a person. */
export function oneRead(records: readonly TrailRecord[]): any {
  return records.find((record: any) => record.eventName === 'GetObject' && record.requestParameters.key.includes('/blobs/')
    && record.userIdentity.sessionContext.sourceIdentity !== undefined && record.vpcEndpointId === undefined);
}

/** The record with some fields, given by their paths, set or (if undefined) removed. */
export function changed(record: object, fields: { readonly [path: string]: unknown }): any {
  const copy = structuredClone(record);
  for (const [path, value] of Object.entries(fields)) {
    const names = path.split('.');
    const last = names.pop()!;
    const parent = names.reduce<any>((at, name) => (at[name] ??= {}), copy);
    if (value === undefined) {
      delete parent[last];
    } else {
      parent[last] = value;
    }
  }
  return copy;
}
