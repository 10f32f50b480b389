import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { AuditTrail } from '../../../../src/audit/audit-trail';
import { createAlarmTopic } from '../../../../src/monitoring/alarm-topic';
import { TamperDetection, type TamperDetectionProps } from '../../../../src/monitoring/tamper/tamper-detection';
import { StoreStack } from '../../../api/fixtures';
import { deployed } from '../../../storage/support/policies';

/** A store with everything that can be tampered with, and what watches it. */
export class WatchedStore extends StoreStack {
  public readonly audit = new AuditTrail(this, 'Audit', { artifactBucket: this.artifactBucket, logArchive: this.logArchive, trailName: 'models' });
  public readonly functions = this.addFunctions();
  public readonly topic = createAlarmTopic(this, undefined, undefined);
  public readonly tamper: TamperDetection;

  constructor(props: Partial<TamperDetectionProps> = {}) {
    super({}, new App());
    this.tamper = new TamperDetection(this, 'Tamper', {
      resources: {
        trailArnOrName: 'models',
        trailLogGroup: this.audit.logGroup,
        artifactBuckets: [this.artifactBucket.bucket],
        logBuckets: [this.logArchive.trailBucket, this.logArchive.accessLogBucket],
        keys: [this.artifactBucket.encryptionKey, this.signingKey, this.logArchive.encryptionKey!],
        roles: [this.sessionRoles.upload, this.sessionRoles.download, this.sessionRoles.registry]
          .flatMap(({ executionRole, sessionRole }) => [executionRole, sessionRole]),
        functions: this.functions.all,
      },
      topic: this.topic,
      ...props,
    });
  }

  /** Name of a resource, as `deployed` writes it. */
  public nameOf(construct: IConstruct): string {
    return this.getLogicalId(construct.node.defaultChild as any).toLowerCase();
  }

  /** What the names of the tamper rules begin with. */
  public get rulePrefix(): string {
    const [name] = Object.values<any>(Template.fromStack(this).findResources('AWS::Events::Rule')).map(({ Properties }) => Properties.Name as string);
    return name.replace(/[^-]*$/, '');
  }

  public policyOf(role: iam.Role): string {
    return this.nameOf(role.node.findAll().find((child) => child instanceof iam.ManagedPolicy)!);
  }

  /** The last of the managed policies of the functions: beyond those that one rule has room for. */
  public lastPolicy(): string {
    return this.nameOf(this.functions.node.findAll().filter((child) => child instanceof iam.ManagedPolicy).at(-1)!);
  }

  /** The patterns of the rules, by the last part of the rules' names. */
  public rules(): Map<string, object> {
    const template = Template.fromStack(this);
    return new Map(Object.values<any>(template.findResources('AWS::Events::Rule')).map(({ Properties }) =>
      [Properties.Name.replace(/^.*-/, ''), deployed(template, Properties.EventPattern) as object]));
  }

  /** The patterns of the metric filters, by the kind of tampering that they count. */
  public filters(): Map<string, string[]> {
    const template = Template.fromStack(this);
    const filters = new Map<string, string[]>();
    for (const { Properties } of Object.values<any>(template.findResources('AWS::Logs::MetricFilter'))) {
      const [, kind] = Properties.MetricTransformations[0].MetricName.split('/');
      filters.set(kind, [...filters.get(kind) ?? [], deployed(template, Properties.FilterPattern) as string]);
    }
    return filters;
  }
}
