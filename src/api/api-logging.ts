/**
 * How the API writes its logs. API Gateway writes those of all REST and WebSocket APIs of an account and Region with
 * one role, which is a setting of that account and Region, and refuses to create an API that logs where there is none.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html#set-up-access-logging-permissions
 */
export enum ApiLogging {
  /**
   * The API logs. If the account has no logging role in this Region, a function sets one while the stack is deployed; a
   * role that is there is never replaced. Role and setting stay when the stack goes, because other APIs may log with
   * them by then.
   */
  SET_ROLE_IF_NONE = 'set-role-if-none',

  /**
   * The API logs with the role that the account has. The stack makes no role and touches no setting; if the account has
   * none in this Region, creating the stage fails.
   */
  EXISTING_ROLE = 'existing-role',

  /**
   * The API writes neither access logs nor execution logs, so the account needs no role. What the store's functions and
   * the trail record stays.
   */
  OFF = 'off',
}
