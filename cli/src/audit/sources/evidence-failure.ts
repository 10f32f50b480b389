import { type Attempt, awsFailure } from '../../aws/aws-failure';
import type { Failure } from '../../runtime/failure';

const ASSUME_AUDITOR = 'Take on the auditor role of the store, or another that grantAudit() allowed to read the evidence: '
  + 'nobody who works with models may.';

/** What AWS answered to somebody who reads the evidence. */
export function evidenceFailure(error: unknown, attempt: Omit<Attempt, 'whoMay'>): Failure {
  return awsFailure(error, { ...attempt, whoMay: ASSUME_AUDITOR });
}
