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
 * Sets the role that API Gateway writes logs with, unless the account has one in this Region, which is never replaced.
 *
 * @returns what was done, in a sentence
 */
export async function setRoleIfNone(
  client: Pick<APIGatewayClient, 'send'>, roleArn: string, pace: Pace = PACE,
): Promise<string> {
  const tryUntil = Date.now() + pace.tryMilliseconds;
  for (;;) {
    // Asked again before each try: two stores may be deployed at once.
    const { cloudwatchRoleArn: present } = await client.send(new GetAccountCommand({}));
    if (present) {
      return `The account has a logging role for API Gateway in this Region, which is left as it is: ${present}`;
    }
    try {
      await client.send(new UpdateAccountCommand({
        patchOperations: [{ op: 'replace', path: '/cloudwatchRoleArn', value: roleArn }],
      }));
      return `The account had no logging role for API Gateway in this Region; it is now ${roleArn}`;
    } catch (error) {
      // API Gateway tries the role, and refuses one that IAM has not spread yet.
      const passes = error instanceof BadRequestException || error instanceof TooManyRequestsException;
      if (!passes || Date.now() + pace.pauseMilliseconds > tryUntil) {
        throw error;
      }
      await wait(pace.pauseMilliseconds);
    }
  }
}
