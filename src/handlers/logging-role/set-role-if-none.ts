import { setTimeout as wait } from 'node:timers/promises';
import {
  type APIGatewayClient, BadRequestException, GetAccountCommand, TooManyRequestsException, UpdateAccountCommand,
} from '@aws-sdk/client-api-gateway';
import { LOGGING_ROLE } from '../../contract/logging-role';

export interface Pace {
  readonly tryMilliseconds: number;
  readonly pauseMilliseconds: number;
}

const PACE: Pace = { tryMilliseconds: LOGGING_ROLE.TRY_SECONDS * 1_000, pauseMilliseconds: 5_000 };

/**
 * Sets the role that API Gateway uses to write logs. A role that the account already has in this Region is never
 * replaced.
 *
 * @returns a log message that describes what was done
 */
export async function setRoleIfNone(
  client: Pick<APIGatewayClient, 'send'>, roleArn: string, pace: Pace = PACE,
): Promise<string> {
  const tryUntil = Date.now() + pace.tryMilliseconds;
  for (;;) {
    // Check before each attempt: another store may be deployed at the same time.
    const { cloudwatchRoleArn: present } = await client.send(new GetAccountCommand({}));
    if (present) {
      return `Keeping the logging role that the account already has for API Gateway in this Region: ${present}`;
    }
    try {
      await client.send(new UpdateAccountCommand({
        patchOperations: [{ op: 'replace', path: '/cloudwatchRoleArn', value: roleArn }],
      }));
      return `Set the logging role for API Gateway in this Region, which had none, to ${roleArn}`;
    } catch (error) {
      // API Gateway validates the role and rejects it until IAM has propagated it.
      const isTransient = error instanceof BadRequestException || error instanceof TooManyRequestsException;
      if (!isTransient || Date.now() + pace.pauseMilliseconds > tryUntil) {
        throw error;
      }
      await wait(pace.pauseMilliseconds);
    }
  }
}
