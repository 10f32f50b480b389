/**
 * Session names that an AWS SDK or tool generates when no session name is configured. They change with every command,
 * so they do not identify a person. They are taken from the sources of the SDKs:
 *
 * | pattern                                | source                                                                   |
 * | -------------------------------------- | ------------------------------------------------------------------------ |
 * | `botocore-session-<s>`                 | AWS CLI, boto3: botocore/credentials.py, `_generate_assume_role_name`    |
 * | `AWS-CLI-session-<s>`                  | AWS CLI before botocore 1.5: awscli/customizations/assumerole.py         |
 * | `AWSCLI-Session*`                      | the example in AWS's instructions for `aws sts assume-role`, unchanged   |
 * | `aws-sdk-js-<ms>`, `…-js-session-<ms>` | JavaScript: credential-provider-ini, credential-provider-web-identity    |
 * | `aws-go-sdk-<ns>`                      | Go, Terraform: credentials/stscreds/assume_role_provider.go              |
 * | `aws-sdk-java-<ms>`                    | Java 1: WebIdentityTokenCredentialsProvider                              |
 * | `aws-sdk-java-<ms>`                    | Java 2: StsProfileCredentialsProviderFactory                             |
 * | `aws-sdk-kotlin-<ms>`                  | Kotlin: config/…/auth/credentials, `resolveRoleSessionName`              |
 * | `aws-sdk-php-<ms>`                     | PHP: src/Credentials/CredentialProvider.php                              |
 * | `aws-dotnet-sdk-session-<ticks>`       | .NET, PowerShell: AWSCredentialsFactory, `RoleSessionNamePrefix`         |
 * | `assume-role-from-profile-<ms>`        | Rust: aws-config/src/sts, `default_session_name`                         |
 * | `assume-role-provider-<ms>`            | Rust: the same                                                           |
 * | `web-identity-token-<ms>`              | Rust: the same                                                           |
 * | `aws-common-runtime-profile-config*`   | C, Swift: aws-c-auth/source/credentials_provider_profile.c               |
 * | `default_session`                      | Ruby: aws-sdk-core/lib/aws-sdk-core/shared_config.rb                     |
 *
 * Patterns are in the syntax of the IAM operator `StringLike`: `*` matches any text, and matching is case-sensitive.
 */
export const DEFAULT_SESSION_NAME_PATTERNS: readonly string[] = [
  'botocore-session-*',
  'AWS-CLI-session-*',
  'AWSCLI-Session*',
  'aws-sdk-js-*',
  'aws-go-sdk-*',
  'aws-sdk-java-*',
  'aws-sdk-kotlin-*',
  'aws-sdk-php-*',
  'aws-dotnet-sdk-session-*',
  'assume-role-from-profile-*',
  'assume-role-provider-*',
  'web-identity-token-*',
  'aws-common-runtime-profile-config*',
  'default_session',
];

/**
 * Defaults that an IAM pattern cannot distinguish from a chosen name: nanoseconds since 1970 (Go, for a role with a web
 * identity: credentials/stscreds/web_identity_provider.go) and a UUID (C++: STSCredentialsProvider.cpp).
 */
const NANOSECONDS = /^1\d{18}$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether an SDK or tool generated the session name, so that it does not identify the caller. */
export function isDefaultSessionName(name: string): boolean {
  return NANOSECONDS.test(name) || UUID.test(name)
    || DEFAULT_SESSION_NAME_PATTERNS.some(
      (pattern) => (pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern),
    );
}
