/**
 * How the API writes its logs. API Gateway writes the logs of all REST and WebSocket APIs in an account and Region with
 * one role, which is an account setting for that Region. It rejects an API with logging if no role is set.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html#set-up-access-logging-permissions
 */
export enum ApiLogging {
  /**
   * The API writes logs. If the account has no logging role in this Region, a function sets one during deployment. An
   * existing role is never replaced. The role and the setting stay when the stack is deleted, because other APIs may
   * use them by then.
   */
  SET_ROLE_IF_NONE = 'set-role-if-none',

  /**
   * The API writes logs with the account's existing role. The stack neither creates a role nor changes the setting. If
   * the account has no role in this Region, creating the stage fails.
   */
  EXISTING_ROLE = 'existing-role',

  /**
   * The API writes neither access logs nor execution logs, so the account needs no role. The store's functions and the
   * trail still record requests.
   */
  OFF = 'off',
}
