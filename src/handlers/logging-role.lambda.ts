import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { requireEnv } from './common/environment';
import { createLogger } from './common/logger';
import { answerCloudFormation, type CloudFormationEvent } from './logging-role/cloud-formation';
import { setRoleIfNone } from './logging-role/set-role-if-none';
import { LOGGING_ROLE } from '../contract/logging-role';

/** Looks after API Gateway's logging role of the account and Region while the stack of a store is deployed. */
export async function handler(event: CloudFormationEvent): Promise<void> {
  const logger = createLogger({ function: LOGGING_ROLE.BUNDLE, requestId: event.RequestId });
  await answerCloudFormation(event, logger, async () => {
    if (event.RequestType === 'Delete') {
      logger.info('The setting stays: other APIs of the account and Region may write their logs with it.');
      return;
    }
    const client = new APIGatewayClient({
      credentials: async () => ({
        accessKeyId: requireEnv('AWS_ACCESS_KEY_ID'),
        secretAccessKey: requireEnv('AWS_SECRET_ACCESS_KEY'),
        sessionToken: process.env.AWS_SESSION_TOKEN,
      }),
    });
    logger.info(await setRoleIfNone(client, event.ResourceProperties[LOGGING_ROLE.ROLE_ARN]));
  });
}
