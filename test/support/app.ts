import { App, Stack, type StackProps } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';

/** A stack in a separate app. */
export function testStack(props?: StackProps): Stack {
  return new Stack(new App(), 'Test', props);
}

/** The template that a stack with these contents synthesises to. */
export function templateOf(build: (stack: Stack) => void, props?: StackProps): Template {
  const stack = testStack(props);
  build(stack);
  return Template.fromStack(stack);
}
