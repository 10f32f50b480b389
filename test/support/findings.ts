import * as nag from 'cdk-nag';
import type { IConstruct } from 'constructs';

/**
 * Every finding of all six packs that nobody acknowledged, as `rule at path`. The packs are run on the tree itself, which
 * gives the same findings as a synthesis with the plugins and takes a fraction of its time.
 */
export function unacknowledgedFindings(scope: IConstruct): string[] {
  const packs = [
    new nag.AwsSolutionsChecks(), new nag.HIPAASecurityChecks(), new nag.NIST80053R4Checks(),
    new nag.NIST80053R5Checks(), new nag.PCIDSS321Checks(), new nag.ServerlessChecks(),
  ];
  return packs.flatMap((pack) => pack.validateScope(scope).violations.flatMap(({ ruleName, violatingResources }) =>
    violatingResources.map(({ constructPath }) => `${ruleName} at ${constructPath}`)));
}
