import * as events from 'aws-cdk-lib/aws-events';
import type { IConstruct } from 'constructs';
import { aliasKey, manifestKey } from './contract/keys';
import { isModelPattern, isName, MODEL_PATTERN_RULE, NAME_RULE } from './contract/names';
import type { IArtifactBucket } from './storage/artifact-bucket';

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
interface EventSource extends IConstruct {
  readonly artifactBucket: IArtifactBucket;
}

export function versionPublishedRule(scope: EventSource, id: string, options: VersionPublishedOptions = {}): events.Rule {
  return objectCreatedRule(scope, id, options, models(options.models).map((model) => manifestKey(model, ANY)));
}

export function aliasChangedRule(scope: EventSource, id: string, options: AliasChangedOptions = {}): events.Rule {
  if (options.alias !== undefined && !isName(options.alias)) {
    throw new Error(`alias is ${JSON.stringify(options.alias)}; an alias ${NAME_RULE}`);
  }
  return objectCreatedRule(scope, id, options, models(options.models).map((model) => aliasKey(model, options.alias ?? ANY)));
}

function models(patterns: readonly string[] = [ANY]): readonly string[] {
  const wrong = patterns.filter((pattern) => !isModelPattern(pattern));
  if (patterns.length === 0) {
    throw new Error('models is empty, so no event would ever match; name at least one model, or leave "models" out for every model');
  }
  if (wrong.length > 0) {
    throw new Error(`models has ${wrong.map((pattern) => JSON.stringify(pattern)).join(', ')}; a model pattern is ${MODEL_PATTERN_RULE}`);
  }
  return patterns;
}

function objectCreatedRule(scope: EventSource, id: string, options: events.OnEventOptions, keys: readonly string[]): events.Rule {
  const rule = new events.Rule(options.crossStackScope ?? scope, id, {
    description: options.description,
    ruleName: options.ruleName,
    eventPattern: {
      ...options.eventPattern,
      source: ['aws.s3'],
      detailType: ['Object Created'],
      detail: {
        ...options.eventPattern?.detail,
        bucket: { name: [scope.artifactBucket.bucket.bucketName] },
        object: { key: keys.map((key) => (key.includes(ANY) ? { wildcard: key } : key)) },
      },
    },
  });
  if (options.target) {
    rule.addTarget(options.target);
  }
  return rule;
}
