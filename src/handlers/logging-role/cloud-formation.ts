import type { Logger } from '../common/logger';
import { describeError } from '../common/logger';

/**
 * A change of a custom resource.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requests.html
 */
export interface CloudFormationEvent {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  /** Presigned: whoever has it can answer, so it is never logged. */
  readonly ResponseURL: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties: { readonly [property: string]: string };
}

const ATTEMPTS = 5;

/** Does the work and reports to CloudFormation how it went, which otherwise waits until its own time is over. */
export async function answerCloudFormation(
  event: CloudFormationEvent, logger: Logger, work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    logger.error('The custom resource failed.', describeError(error));
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : 'see the log of the function';
    await answer(event, 'FAILED', reason);
    return;
  }
  await answer(event, 'SUCCESS');
}

async function answer(event: CloudFormationEvent, status: 'SUCCESS' | 'FAILED', reason?: string): Promise<void> {
  const { StackId, RequestId, LogicalResourceId } = event;
  const body = JSON.stringify({
    Status: status,
    Reason: reason,
    StackId,
    RequestId,
    LogicalResourceId,
    // The same one for ever: a change is never a replacement.
    PhysicalResourceId: event.PhysicalResourceId ?? LogicalResourceId,
  });
  for (let attempt = 1; ; attempt++) {
    try {
      // S3 signed the URL without a content type.
      const response = await fetch(event.ResponseURL, { method: 'PUT', headers: { 'content-type': '' }, body });
      if (response.ok) return;
      throw new Error(`CloudFormation's answer address answered ${response.status}`);
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
    }
  }
}
