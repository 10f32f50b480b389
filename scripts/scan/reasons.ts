import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { ACCEPTED_IN_EXAMPLES } from './accepted-in-examples';
import type { Finding, JudgedFinding } from './finding';
import type { ScannedTemplate } from './templates';

/**
 * Rules of other tools that check the same as a rule of cdk-nag. A finding is explained by the acknowledgement of the
 * cdk-nag rule on the same resource. A rule without an equivalent is acknowledged on the resource by its own ID.
 */
const SAME_AS_NAG_RULE: { readonly [rule: string]: string } = {
  CKV_AWS_18: 'S3BucketLoggingEnabled',
  CKV_AWS_115: 'LambdaConcurrency',
  CKV_AWS_116: 'LambdaDLQ',
  CKV_AWS_117: 'LambdaInsideVPC',
  CKV_AWS_120: 'APIGWCacheEnabledAndEncrypted',
  'CT.LAMBDA.PR.3': 'LambdaInsideVPC',
  'CT.S3.PR.2': 'S3BucketLoggingEnabled',
  'CT.S3.PR.9': 'S3BucketDefaultLockEnabled',
  'CT.S3.PR.10': 'S3DefaultEncryptionKMS',
  'CT.SQS.PR.1': 'SQSRedrivePolicy',
  // Actions without resource-level permissions.
  CredentialsExposure: 'IAM5[Resource::*]',
};

/** Every rule that is acknowledged on a construct or on one that contains it, with the reason. */
function acknowledgements(construct: IConstruct): Map<string, string> {
  const entries = construct.node.scopes.flatMap(({ node }) => node.metadata)
    .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
    .flatMap(({ data }) => Object.entries(data as { readonly [id: string]: string }));
  return new Map(entries);
}

/** Adds the reason to findings whose rule is acknowledged on the resource. */
export function judge(findings: readonly Finding[], templates: readonly ScannedTemplate[]): JudgedFinding[] {
  return findings.map((finding) => {
    const resource = templates.find(({ name }) => name === finding.where)?.resources.get(finding.subject);
    return resource === undefined ? finding
      : { ...finding, type: resource.type, reason: reasonFor(finding, resource.construct) };
  });
}

function reasonFor({ scanner, rule }: Finding, construct: IConstruct): string | undefined {
  const nagRule = SAME_AS_NAG_RULE[rule];
  // The CDK puts a prefix before IDs.
  const acknowledged = [...acknowledgements(construct)].find(([id]) => id.endsWith(`${scanner}-${rule}`)
    || (nagRule !== undefined && id.endsWith(`-${nagRule}`)));
  return acknowledged?.[1] ?? ACCEPTED_IN_EXAMPLES.find((accepted) => accepted.rule === rule
    && accepted.paths.some((path) => [path, `${path}/Resource`].includes(construct.node.path)))?.because;
}
