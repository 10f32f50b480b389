import { type Attempt, awsFailure } from '../../aws/aws-failure';
import type { Failure } from '../../runtime/failure';

const ASSUME_AUDITOR = 'Assume the store\'s auditor role, or a role that was granted access with grantAudit(). '
  + 'Roles that work with models cannot read the evidence.';

/** Converts an AWS error from reading the evidence. */
export function evidenceFailure(error: unknown, attempt: Omit<Attempt, 'whoMay'>): Failure {
  return awsFailure(error, { ...attempt, whoMay: ASSUME_AUDITOR });
}
