import { Names, Resource, Stack, Token } from 'aws-cdk-lib';
import type * as events from 'aws-cdk-lib/aws-events';
import { Construct, type IConstruct } from 'constructs';

/**
 * Returns the construct to create a rule about the store's events in.
 *
 * A rule refers to its target, and a job with a grant on the store refers to the store. If the rule were in the store's
 * stack and the job in another, the two stacks would depend on each other, so the rule is created in the target's
 * stack.
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

/** Returns the target if it is in another account or Region and is not an event bus. */
export function crossEnvironmentTarget(store: Construct, options: events.OnEventOptions): IConstruct | undefined {
  const resource = options.crossStackScope ? undefined : targetResource(options.target);
  return resource && !('eventBusArn' in resource) && !sameEnvironment(store, resource) ? resource : undefined;
}

/**
 * Returns the resource behind a target. A target reports its resource only when it is bound to a rule, which is too
 * late to choose the rule's stack. Every target of the CDK keeps it as its first property that is a resource.
 */
function targetResource(target: events.IRuleTarget | undefined): IConstruct | undefined {
  return target && Object.values(target)
    .find((value) => Construct.isConstruct(value) && (Resource.isResource(value) || hasStack(value)));
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
  const same = (left: string, right: string) =>
    left === right || (Token.isUnresolved(left) && Token.isUnresolved(right));
  return same(a.account, b.account) && same(a.region, b.region);
}
