export interface AcceptedFinding {
  /** A rule of cfn-lint: https://github.com/aws-cloudformation/cfn-lint/blob/main/docs/rules.md */
  readonly rule: string;
  /** A pattern for the message of the finding. */
  readonly message: RegExp;
  readonly because: string;
}

/** All accepted cfn-lint findings. lint.test.ts fails for other findings, and for entries without a finding. */
export const ACCEPTED_FINDINGS: readonly AcceptedFinding[] = [
  {
    rule: 'W3005',
    message: /dependency already enforced by a 'GetAtt' at 'Resources\/\w+\/Properties\/\w*Role(Arn)?'$/,
    because: 'The CDK makes a resource depend on its role and the policies of the role. The reference to the ARN of the '
      + 'role already implies the dependency on the role itself, so it changes nothing.',
  },
];
