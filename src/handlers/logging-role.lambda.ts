import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { requireEnv } from './common/environment';
import { createLogger } from './common/logger';
import { answerCloudFormation, type CloudFormationEvent } from './logging-role/cloud-formation';
import { setRoleIfNone } from './logging-role/set-role-if-none';
import { LOGGING_ROLE } from '../contract/logging-role';

/** Custom resource that sets API Gateway's logging role for the account and Region during a deployment. */
export async function handler(event: CloudFormationEvent): Promise<void> {
  const logger = createLogger({ function: LOGGING_ROLE.BUNDLE, requestId: event.RequestId });
  await answerCloudFormation(event, logger, async () => {
    if (event.RequestType === 'Delete') {
      logger.info('Keeping the logging role: other APIs of the account and Region may use it.');
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
