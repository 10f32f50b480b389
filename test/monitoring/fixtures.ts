import type { App } from 'aws-cdk-lib';
import type { Template } from 'aws-cdk-lib/assertions';
import * as logs from 'aws-cdk-lib/aws-logs';
import { StoreMonitoring } from '../../src/monitoring/store-monitoring';
import type { MonitoredStore } from '../../src/monitoring/store-monitoring-props';
import { StoreStack } from '../api/fixtures';
import { STORE } from '../support/audit/trail-record';

export class MonitoredStack extends StoreStack {
  public readonly monitoring: StoreMonitoring;

  constructor(props: (stack: StoreStack) => Partial<MonitoredStore> = () => ({}), app?: App) {
    super({}, app);
    const functions = this.addFunctions();
    const api = this.addApi({ functions });
    const auditLogGroup = new logs.LogGroup(this, 'TrailLogs', { encryptionKey: this.signingKey });
    const store: MonitoredStore = {
      artifactBucket: this.artifactBucket, functions, functionLogGroups: functions.logGroups, api, auditLogGroup,
      logArchive: this.logArchive, ...props(this),
    };
    this.monitoring = new StoreMonitoring(this, 'Monitoring', store);
  }
}

/** Alarms by the last part of their logical ID without its hash. */
export function alarmsOf(template: Template): { [name: string]: any } {
  return byName(template, 'AWS::CloudWatch::Alarm');
}

export function byName(template: Template, type: string): { [name: string]: any } {
  return Object.fromEntries(Object.entries(template.findResources(type))
    .map(([id, { Properties }]) => [id.replace(/^Monitoring/, '').slice(0, -8), Properties]));
}

/** A string as CloudFormation resolves it, with the bucket name of the test records. */
export function deployed(text: any): string {
  return typeof text === 'string' ? text : text['Fn::Join'][1]
    .map((part: any) => (typeof part === 'string' ? part : bucketOf(part) ?? `<${part.Ref}>`)).join('');
}

function bucketOf(part: any): string | undefined {
  return part.Ref?.startsWith('ArtifactBucket') ? STORE.bucket
    : part['Fn::GetAtt']?.[0].startsWith('ArtifactBucket') ? `arn:aws:s3:::${STORE.bucket}` : undefined;
}

/** The period of an alarm in seconds: its own, or that of the metrics in its expression. */
export function periodOf(alarm: any): number {
  const periods = alarm.Period ? [alarm.Period] : alarm.Metrics.map((metric: any) => metric.MetricStat?.Period ?? metric.Period).filter(Boolean);
  const [period, ...others] = new Set<number>(periods);
  if (others.length > 0) {
    throw new Error(`an alarm with several periods: ${periods}`);
  }
  return period;
}
