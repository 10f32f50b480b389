import { Names, Resource, Stack, Token } from 'aws-cdk-lib';
import type * as events from 'aws-cdk-lib/aws-events';
import { Construct, type IConstruct } from 'constructs';

/**
 * The construct that a rule about the events of a store is created in.
 *
 * A rule names its target, and a job that was granted something on the store names the store. With the rule beside the
 * store and the job in another stack, each stack would wait for the other, so the rule is created beside its target.
 */
export function ruleScope(store: Construct, options: events.OnEventOptions): Construct {
  if (options.crossStackScope) {
    return options.crossStackScope;
  }
  const resource = targetResource(options.target);
  if (resource === undefined || Stack.of(resource) === Stack.of(store) || !sameEnvironment(store, resource)) {
    return store;
  }
  const stack = Stack.of(resource);
  const id = `${Names.uniqueResourceName(store, { maxLength: 80 })}Events`;
  return (stack.node.tryFindChild(id) as Construct | undefined) ?? new Construct(stack, id);
}

/** The target, if it is in another account or Region and not an event bus. */
export function crossEnvironmentTarget(store: Construct, options: events.OnEventOptions): IConstruct | undefined {
  const resource = options.crossStackScope ? undefined : targetResource(options.target);
  return resource && !('eventBusArn' in resource) && !sameEnvironment(store, resource) ? resource : undefined;
}

/**
 * The resource behind a target. A target says which one that is only once it is bound to a rule, which is too late to
 * choose the rule's stack; every target of the CDK keeps it as its first resource.
 */
function targetResource(target: events.IRuleTarget | undefined): IConstruct | undefined {
  return target && Object.values(target).find((value) => Construct.isConstruct(value) && (Resource.isResource(value) || hasStack(value)));
}

function hasStack(value: IConstruct): boolean {
  return Stack.isStack(value) || value.node.scopes.some((scope) => Stack.isStack(scope));
}

export interface Environment { readonly account: string; readonly region: string }

export function environmentOf(construct: IConstruct): Environment {
  const { account, region } = Stack.of(construct);
  const env = (construct as { env?: Partial<Environment> }).env;
  return { account: env?.account ?? account, region: env?.region ?? region };
}

function sameEnvironment(one: IConstruct, other: IConstruct): boolean {
  const [a, b] = [environmentOf(one), environmentOf(other)];
  const same = (left: string, right: string) => left === right || (Token.isUnresolved(left) && Token.isUnresolved(right));
  return same(a.account, b.account) && same(a.region, b.region);
}
