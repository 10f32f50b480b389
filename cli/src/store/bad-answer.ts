import type { ErrorDetail } from '../../../src/contract/errors';
import { EXIT, Failure } from '../runtime/failure';

/** A response that no store sends. `problem` completes "invalid response from the store: …". */
export function badAnswer(problem: string, details: readonly ErrorDetail[] = []): Failure {
  return new Failure(`invalid response from the store: ${problem}`, {
    code: 'bad_answer',
    exitCode: EXIT.FAILURE,
    details,
    hint: 'Check the URL of the store. If it is right, update model-store, or contact the operators of the store.',
  });
}
