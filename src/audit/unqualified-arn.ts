import * as lambda from 'aws-cdk-lib/aws-lambda';

/** CloudTrail events contain the ARN of the function without the alias or version that was invoked. */
export function unqualifiedArn(fn: lambda.IFunction): string {
  return fn instanceof lambda.QualifiedFunctionBase ? fn.lambda.functionArn : fn.functionArn;
}
