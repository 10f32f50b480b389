import type { Logger } from '../common/logger';
import { describeError } from '../common/logger';

/**
 * The request object of a custom resource.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requests.html
 */
export interface CloudFormationEvent {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  /** A presigned URL: anyone who has it can send the response, so it is never logged. */
  readonly ResponseURL: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties: { readonly [property: string]: string };
}

const ATTEMPTS = 5;

/** Runs `work` and reports the result to CloudFormation, which otherwise waits until the custom resource times out. */
export async function answerCloudFormation(
  event: CloudFormationEvent, logger: Logger, work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    logger.error('The custom resource failed.', describeError(error));
    const reason = error instanceof Error
      ? `${error.name}: ${error.message}`
      : 'unknown error; see the logs of the function';
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
    // The ID never changes, so CloudFormation never replaces the resource.
    PhysicalResourceId: event.PhysicalResourceId ?? LogicalResourceId,
  });
  for (let attempt = 1; ; attempt++) {
    try {
      // The URL is presigned without a content type.
      const response = await fetch(event.ResponseURL, { method: 'PUT', headers: { 'content-type': '' }, body });
      if (response.ok) return;
      throw new Error(`the response URL of CloudFormation returned status ${response.status}`);
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
    }
  }
}
