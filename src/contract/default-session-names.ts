/**
 * Role session names that AWS SDKs and tools choose when nobody chose one, as patterns of IAM's `StringLike`: `*`
 * stands for any characters. They name a program and a moment, never a person.
 */
export const DEFAULT_SESSION_NAME_PATTERNS: readonly string[] = [
  // JavaScript, Java and PHP: aws-sdk-js-1795000000000, aws-sdk-js-session-…, aws-sdk-java-…, aws-sdk-php-….
  'aws-sdk-js-*',
  'aws-sdk-java-*',
  'aws-sdk-php-*',
  // Python and the AWS CLI: botocore-session-1795000000. The AWS CLI's own documentation types AWSCLI-Session.
  'botocore-session-*',
  'AWSCLI-Session*',
  // Go, and with it Terraform.
  'aws-go-sdk-*',
  // .NET and the Tools for PowerShell.
  'aws-dotnet-sdk-session-*',
  // Rust.
  'assume-role-from-profile-*',
  'assume-role-provider-*',
  'web-identity-token-*',
  // Ruby.
  'default_session',
];

const PATTERNS = DEFAULT_SESSION_NAME_PATTERNS.map(
  (pattern) =>
    new RegExp(
      `^${pattern
        .split('*')
        .map((text) => text.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
        .join('.*')}$`,
    ),
);

/** Whether a program chose this role session name, so that it does not say who the caller is. */
export function isDefaultSessionName(name: string): boolean {
  return PATTERNS.some((pattern) => pattern.test(name));
}
