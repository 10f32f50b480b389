/** Values shared by the construct and the function that set API Gateway's logging role for the account and Region. */
export const LOGGING_ROLE = {
  /** Folder of the bundle of the function, in `BUNDLE_FOLDER`. */
  BUNDLE: 'logging-role',
  /** Property of the custom resource with the ARN of the role to set if the account has none. */
  ROLE_ARN: 'RoleArn',
  /** How long the function retries. It takes some seconds until API Gateway can assume a new role. */
  TRY_SECONDS: 90,
  /** Timeout of the function, which must respond to CloudFormation before. */
  TIMEOUT_SECONDS: 120,
} as const;
