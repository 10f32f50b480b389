import type { Behaviour } from '../behaviours';

const READ = '2026-11-28';
const SOURCE_IDENTITY = { url: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html', read: READ };
const PACKED = { url: 'https://docs.aws.amazon.com/sdk-for-sap-abap/v1/api/latest/sts/model/_AWS1_CL_STSASSUMEROLERESPONSE.html', read: READ };
const CHAINING = { url: 'https://aws-amplify.github.io/aws-sdk-ios/docs/reference/AWSCore/Classes/AWSSTSAssumeRoleRequest.html', read: READ };
const SESSION_POLICIES = {
  url: 'https://sdk.amazonaws.com/kotlin/api/1.0.65/sts/aws.sdk.kotlin.services.sts.model/-assume-role-with-saml-request/-builder/policy.html', read: READ,
};

export const IDENTITY: readonly Behaviour[] = [
  {
    id: 'sts.session-policy.intersects-role',
    statement: 'A session may do what its role and its session policy both allow, and nothing else.',
    reliedOn: 'src/handlers/aws', page: SESSION_POLICIES,
  },
  {
    id: 'sts.session-policy.objects',
    statement: 'A session policy limits a session to the keys and actions that it names.',
    reliedOn: 'src/handlers/aws', page: SESSION_POLICIES,
  },
  {
    id: 'sts.packed-policy-size',
    statement: 'The session policies and tags that the functions ask for fit into the limit of STS (`PackedPolicySize`).',
    reliedOn: 'src/handlers/aws', page: PACKED, integ: ['data-scientist'],
  },
  {
    id: 'sts.role-chaining.one-hour',
    statement: 'A session opened from another session (role chaining) lasts at most one hour.',
    reliedOn: 'src/access/session-duration.ts', page: CHAINING,
  },
  {
    id: 'sts.trust.source-identity-and-tags',
    statement: 'A trust policy can demand a source identity and session tags, by `sts:SourceIdentity`, `aws:RequestTag` and `aws:TagKeys`.',
    reliedOn: 'src/access/session-trust.ts', page: SOURCE_IDENTITY,
  },
  {
    id: 'sts.source-identity.persists',
    statement: 'A source identity cannot be changed within a session, and is part of every request that the session signs.',
    reliedOn: 'docs/threat-model.md', page: SOURCE_IDENTITY,
  },
  {
    id: 'iam.policy-variables.own-name',
    statement: 'A trust policy can compare the requested session name with the user name, and with the name of the session that assumes the role.',
    reliedOn: 'src/access/own-name-principal.ts',
    page: { url: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html', read: READ },
    integ: ['data-scientist'],
  },
  {
    id: 'lambda.source-function-arn',
    statement: 'Requests of a function\'s code carry its ARN as `lambda:SourceFunctionArn`; those of another principal with its role do not.',
    reliedOn: 'src/api/function-permissions.ts',
    page: { url: 'https://docs.aws.amazon.com/lambda/latest/dg/permissions-source-function-arn.html', read: '2026-11-29' },
    integ: ['data-scientist', 'pipeline', 'auditor'],
  },
  {
    id: 'iam.principal-arn.role',
    statement: '`aws:PrincipalArn` of a session is the ARN of its role.',
    reliedOn: 'src/storage/artifact-bucket-policy.ts', integ: ['data-scientist'],
  },
  {
    id: 'iam.explicit-deny',
    statement: 'A deny in any policy that applies wins over every allow.',
    reliedOn: 'src/access/auditor-denies.ts',
  },
  {
    id: 'kms.sign.ecdsa-sha256',
    statement: 'A signature by KMS with an ECC_NIST_P256 key can be verified anywhere with the public key.',
    reliedOn: 'src/handlers/upload/publish.ts', integ: ['data-scientist'],
  },
  {
    id: 'kms.session-policy-includes-kms',
    statement: 'Reading and writing SSE-KMS objects requires `kms:Decrypt` and `kms:GenerateDataKey` in role and session policy.',
    reliedOn: 'src/contract/session-actions.ts',
  },
  {
    id: 'kms.via-service',
    statement: 'A key policy recognises use through S3 by `kms:ViaService`, and the bucket by the encryption context.',
    reliedOn: 'src/contract/session-actions.ts', integ: ['data-scientist'],
  },
  {
    id: 'kms.policy.deny-other-signers',
    statement: 'A deny in the key policy prevents everyone except the named role from signing, including administrators of the account.',
    reliedOn: 'src/storage/signing-key.ts',
  },
  {
    id: 'kms.grant-is-for-aws-resource',
    statement: 'A key policy can limit grants to those of AWS services, by `kms:GrantIsForAWSResource`.',
    reliedOn: 'src/common/key-grants.ts',
  },
  { id: 'kms.key.pending-deletion', statement: 'A key whose deletion is scheduled cannot be used.', reliedOn: 'docs/runbook.md' },
];
