import * as lambda from 'aws-cdk-lib/aws-lambda';

/** CloudTrail names the function itself in its events, whichever alias or version was invoked. */
export function unqualifiedArn(fn: lambda.IFunction): string {
  return fn instanceof lambda.QualifiedFunctionBase ? fn.lambda.functionArn : fn.functionArn;
}
