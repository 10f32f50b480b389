/**
 * What the construct and the function agree on that looks after API Gateway's logging role of the account and Region.
 */
export const LOGGING_ROLE = {
  /** Folder of the function's bundle, below `BUNDLE_FOLDER`. */
  BUNDLE: 'logging-role',
  /** Property of the custom resource: ARN of the role to set if the account has none. */
  ROLE_ARN: 'RoleArn',
  /** For how long the function tries: IAM takes some seconds until API Gateway can assume a new role. */
  TRY_SECONDS: 90,
  /** After how long Lambda ends the function, which has to answer CloudFormation before. */
  TIMEOUT_SECONDS: 120,
} as const;
