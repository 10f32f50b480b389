/** What `cdk deploy --outputs-file` writes: the outputs of each stack. */
export interface StackOutputs {
  readonly [stack: string]: { readonly [output: string]: string };
}

export interface AssertionResult {
  readonly name: string;
  readonly passed: boolean;
  /** The difference from the expected value. */
  readonly message?: string;
}

const PREFIX = 'AssertionResults';

/**
 * How the assertions ended. One that is not waited for fails no deployment: it is an output that says so
 * (https://github.com/aws/aws-cdk/tree/main/packages/%40aws-cdk/integ-tests-alpha).
 */
export function assertionResults(outputs: StackOutputs): AssertionResult[] {
  return Object.values(outputs).flatMap((ofStack) => Object.entries(ofStack)).filter(([name]) => name.startsWith(PREFIX)).map(([name, value]) => {
    const { status, message } = JSON.parse(value) as { status: string; message?: string };
    return { name: name.slice(PREFIX.length), passed: status === 'success', message };
  });
}
