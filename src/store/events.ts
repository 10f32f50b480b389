import { Token } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import { crossEnvironmentTarget, type Environment, environmentOf, ruleScope } from './event-scope';
import { Problems } from '../common/problems';
import { aliasKey, manifestKey } from '../contract/keys';
import { isModelPattern, isName, MODEL_PATTERN_RULE, NAME_RULE } from '../contract/names';
import type { IArtifactBucket } from '../storage/artifact-bucket';

/**
 * Options of `onVersionPublished`.
 */
export interface VersionPublishedOptions extends events.OnEventOptions {
  /**
   * Of which models: names, or beginnings of names with a `*` behind.
   *
   * @default - every model
   */
  readonly models?: string[];
}

/**
 * Options of `onAliasChanged`.
 */
export interface AliasChangedOptions extends events.OnEventOptions {
  /**
   * Of which models: names, or beginnings of names with a `*` behind.
   *
   * @default - every model
   */
  readonly models?: string[];

  /**
   * Which alias, such as `production`.
   *
   * @default - every alias
   */
  readonly alias?: string;
}

/** In an event pattern a `*` matches any run of characters: that is every version, every alias. */
const ANY = '*';

/** A store, as far as its events are concerned. */
interface EventSource extends Construct {
  readonly artifactBucket: IArtifactBucket;
}

export function versionPublishedRule(store: EventSource, id: string, options: VersionPublishedOptions = {}): events.Rule {
  const problems = Problems.of(store);
  checkModels(problems, options.models);
  checkTarget(problems, store, options);
  problems.throwIfAny(`onVersionPublished("${id}")`);
  return objectCreatedRule(store, id, options, models(options).map((model) => manifestKey(model, ANY)));
}

export function aliasChangedRule(store: EventSource, id: string, options: AliasChangedOptions = {}): events.Rule {
  const problems = Problems.of(store);
  if (options.alias !== undefined && !isName(options.alias)) {
    problems.add(`alias is ${JSON.stringify(options.alias)}; an alias ${NAME_RULE}`);
  }
  checkModels(problems, options.models);
  checkTarget(problems, store, options);
  problems.throwIfAny(`onAliasChanged("${id}")`);
  return objectCreatedRule(store, id, options, models(options).map((model) => aliasKey(model, options.alias ?? ANY)));
}

function models(options: VersionPublishedOptions): readonly string[] {
  return options.models ?? [ANY];
}

function checkModels(problems: Problems, patterns: string[] | undefined): void {
  if (patterns === undefined) {
    return;
  }
  const wrong = problems.items('models', patterns).map(([pattern]) => pattern).filter((pattern) => !isModelPattern(pattern));
  if (patterns.length === 0) {
    problems.add('models is empty, so no event would ever match; name at least one model, or leave "models" out for every model');
  }
  if (wrong.length > 0) {
    problems.add(`models has ${wrong.map((pattern) => JSON.stringify(pattern)).join(', ')}; a model pattern is ${MODEL_PATTERN_RULE}`);
  }
}

/** A rule triggers targets of its own account and Region only, and event buses everywhere. */
function checkTarget(problems: Problems, store: EventSource, options: events.OnEventOptions): void {
  const target = crossEnvironmentTarget(store, options);
  if (target === undefined) {
    return;
  }
  const [here, there] = [environmentOf(store), environmentOf(target)];
  const shown = ({ account, region }: Environment) => `account ${known(account)}, Region ${known(region)}`;
  const unknown = [here, there].some(({ account, region }) => Token.isUnresolved(account) || Token.isUnresolved(region));
  problems.add(`target ${target.node.path} is in ${shown(there)}, and the store in ${shown(here)}; ${unknown
    ? 'give the stacks of both "env" with account and Region, so that it is known whether a rule can trigger the target'
    : 'EventBridge triggers a target in another account or Region through an event bus there: make target: new '
      + 'targets.EventBus(events.EventBus.fromEventBusArn(…)), and a rule on that bus with the real target'}`);
}

function known(value: string): string {
  return Token.isUnresolved(value) ? 'known only at deployment' : value;
}

function objectCreatedRule(store: EventSource, id: string, options: events.OnEventOptions, keys: readonly string[]): events.Rule {
  const rule = new events.Rule(ruleScope(store, options), id, {
    description: options.description,
    ruleName: options.ruleName,
    eventPattern: {
      ...options.eventPattern,
      source: ['aws.s3'],
      detailType: ['Object Created'],
      detail: {
        ...options.eventPattern?.detail,
        bucket: { name: [store.artifactBucket.bucket.bucketName] },
        object: { key: keys.map((key) => (key.includes(ANY) ? { wildcard: key } : key)) },
      },
    },
  });
  if (options.target) {
    rule.addTarget(options.target);
  }
  return rule;
}
