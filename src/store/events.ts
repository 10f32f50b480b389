import { Token } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import { crossEnvironmentTarget, type Environment, environmentOf, ruleScope } from './event-scope';
import { Problems } from '../common/problems';
import { aliasKey, manifestKey } from '../contract/keys';
import { isModelPattern, isName, MODEL_PATTERN_RULE, NAME_RULE } from '../contract/names';
import type { IArtifactBucket } from '../storage/artifact-bucket';

/**
 * Options of `onVersionPublished` and `onAliasChanged`.
 */
export interface StoreEventOptions extends events.OnEventOptions {
  /**
   * The models to react to: names, or name prefixes followed by `*`.
   *
   * @default - every model
   */
  readonly models?: string[];

  /**
   * The alias to react to, such as `production`. Only for `onAliasChanged`.
   *
   * @default - every alias
   */
  readonly alias?: string;
}

/** In an event pattern, `*` matches any sequence of characters, and so every version and every alias. */
const ANY = '*';

/** The part of a store that its events come from. */
interface EventSource extends Construct {
  readonly artifactBucket: IArtifactBucket;
}

export function versionPublishedRule(
  store: EventSource, id: string, options: StoreEventOptions = {},
): events.Rule {
  const problems = Problems.of(store);
  if (options.alias !== undefined) {
    problems.add('alias is set, but a version is published before any alias points to it; use onAliasChanged, or omit '
      + '"alias"');
  }
  checkModels(problems, options.models);
  checkTarget(problems, store, options);
  problems.throwIfAny(`onVersionPublished("${id}")`);
  return objectCreatedRule(store, id, options, models(options).map((model) => manifestKey(model, ANY)));
}

export function aliasChangedRule(store: EventSource, id: string, options: StoreEventOptions = {}): events.Rule {
  const problems = Problems.of(store);
  if (options.alias !== undefined && !isName(options.alias)) {
    problems.add(`alias is ${JSON.stringify(options.alias)}; an alias ${NAME_RULE}`);
  }
  checkModels(problems, options.models);
  checkTarget(problems, store, options);
  problems.throwIfAny(`onAliasChanged("${id}")`);
  return objectCreatedRule(store, id, options, models(options).map((model) => aliasKey(model, options.alias ?? ANY)));
}

function models(options: StoreEventOptions): readonly string[] {
  return options.models ?? [ANY];
}

function checkModels(problems: Problems, patterns: string[] | undefined): void {
  if (patterns === undefined) {
    return;
  }
  const wrong = problems.items('models', patterns).map(([pattern]) => pattern)
    .filter((pattern) => !isModelPattern(pattern));
  if (patterns.length === 0) {
    problems.add('models is empty, so no event would ever match; name at least one model, or omit "models" to match '
      + 'every model');
  }
  if (wrong.length > 0) {
    const shown = wrong.map((pattern) => JSON.stringify(pattern)).join(', ');
    problems.add(`models contains ${shown}; a model pattern is ${MODEL_PATTERN_RULE}`);
  }
}

/** A rule can trigger targets only in its own account and Region, except event buses. */
function checkTarget(problems: Problems, store: EventSource, options: events.OnEventOptions): void {
  const target = crossEnvironmentTarget(store, options);
  if (target === undefined) {
    return;
  }
  const [here, there] = [environmentOf(store), environmentOf(target)];
  const shown = ({ account, region }: Environment) => `account ${known(account)}, Region ${known(region)}`;
  const unknown = [here, there]
    .some(({ account, region }) => Token.isUnresolved(account) || Token.isUnresolved(region));
  problems.add(`target ${target.node.path} is in ${shown(there)}, but the store is in ${shown(here)}; ${unknown
    ? 'set "env" with account and Region on both stacks, so that the CDK knows whether a rule can trigger the target'
    : 'EventBridge reaches a target in another account or Region only through an event bus there: set target to new '
      + 'targets.EventBus(events.EventBus.fromEventBusArn(…)), and add a rule for the actual target on that bus'}`);
}

function known(value: string): string {
  return Token.isUnresolved(value) ? 'known only at deployment' : value;
}

/** Creates a rule for the S3 event "Object Created" with one of the keys. */
function objectCreatedRule(
  store: EventSource, id: string, options: events.OnEventOptions, keys: readonly string[],
): events.Rule {
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
