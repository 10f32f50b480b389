/**
 * Names that an AWS SDK or tool makes up for the session of a role when nobody chose one. Each command gets a new one, so
 * that such a session stands for no person. The names are those of the sources of the SDKs:
 *
 * | pattern                              | made up by                                                                        |
 * | ------------------------------------ | --------------------------------------------------------------------------------- |
 * | `botocore-session-<s>`               | AWS CLI, boto3: botocore/credentials.py, `_generate_assume_role_name`             |
 * | `AWS-CLI-session-<s>`                | AWS CLI before botocore 1.5: awscli/customizations/assumerole.py                  |
 * | `AWSCLI-Session*`                    | the example in AWS's instructions for `aws sts assume-role`, copied as it is      |
 * | `aws-sdk-js-<ms>`, `…-js-session-<ms>` | JavaScript: credential-provider-ini, credential-provider-web-identity           |
 * | `aws-go-sdk-<ns>`                    | Go, Terraform: credentials/stscreds/assume_role_provider.go                       |
 * | `aws-sdk-java-<ms>`                  | Java 1 and 2: WebIdentityTokenCredentialsProvider, StsProfileCredentialsProviderFactory |
 * | `aws-sdk-kotlin-<ms>`                | Kotlin: config/…/auth/credentials, `resolveRoleSessionName`                       |
 * | `aws-sdk-php-<ms>`                   | PHP: src/Credentials/CredentialProvider.php                                       |
 * | `aws-dotnet-sdk-session-<ticks>`     | .NET, PowerShell: AWSCredentialsFactory, `RoleSessionNamePrefix`                  |
 * | `assume-role-from-profile-<ms>`, `assume-role-provider-<ms>`, `web-identity-token-<ms>` | Rust: aws-config/src/sts, `default_session_name` |
 * | `aws-common-runtime-profile-config*` | C, Swift: aws-c-auth/source/credentials_provider_profile.c                        |
 * | `default_session`                    | Ruby: aws-sdk-core/lib/aws-sdk-core/shared_config.rb                              |
 *
 * Written as the operator `StringLike` of IAM reads them: `*` stands for any text, and case matters.
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
 * Defaults that no pattern of IAM can tell from a name that a person chose: nanoseconds since 1970 (Go, for a role with a
 * web identity: credentials/stscreds/web_identity_provider.go) and a UUID (C++: STSCredentialsProvider.cpp).
 */
const NANOSECONDS = /^1\d{18}$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether the name of a role's session is one that an SDK or a tool makes up, which says nothing of who opened it. */
export function isDefaultSessionName(name: string): boolean {
  return NANOSECONDS.test(name) || UUID.test(name)
    || DEFAULT_SESSION_NAME_PATTERNS.some((pattern) => (pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern));
}
