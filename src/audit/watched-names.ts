import { Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { EgressAnalyticsProps } from './egress-analytics-props';

/**
 * CloudFormation begins the names that it makes up with the name of the stack, and so do the names of rules. What is too long for
 * a rule loses its middle, and keeps 16 characters before it.
 */
const KEPT = 15;

/** The same properties, with what protects the questions themselves. */
export function withOwnNames(scope: Construct, props: EgressAnalyticsProps, own: readonly string[]): EgressAnalyticsProps {
  const { stackName } = topStack(scope);
  return {
    ...props,
    watchedPrefix: props.watchedPrefix ?? (Token.isUnresolved(stackName) ? stackName : `${stackName}-`.slice(0, KEPT)),
    // Where nothing is known, nothing is limited: these alone would be all that is shown.
    watchedResources: props.watchedResources && [...props.watchedResources, ...own],
  };
}

/** What is nested gets names that begin with the name of the stack that it is in. */
function topStack(scope: Construct): Stack {
  const stack = Stack.of(scope);
  return stack.nestedStackParent ? topStack(stack.nestedStackParent) : stack;
}
