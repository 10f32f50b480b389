import type { Stack, CfnResource } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { IConstruct } from 'constructs';
import type { Statement } from './policy-evaluator';

export const ACCOUNT = '111122223333';
export const REGION = 'eu-central-1';

const PSEUDO: { [name: string]: string } = {
  'AWS::Partition': 'aws', 'AWS::AccountId': ACCOUNT, 'AWS::Region': REGION, 'AWS::URLSuffix': 'amazonaws.com',
};

/** The deployed template: every reference resolved, resources by their logical ids. */
export function deployed(template: Template, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => deployed(template, item));
  if (value === null || typeof value !== 'object') return value;
  const [[key, argument], ...rest] = [...Object.entries(value), ['', undefined]] as Array<[string, any]>;
  if (rest.length === 1) {
    if (key === 'Ref') return PSEUDO[argument] ?? argument.toLowerCase();
    if (key === 'Fn::Join') return argument[1].map((item: unknown) => deployed(template, item)).join(argument[0]);
    if (key === 'Fn::GetAtt') return argument[1] === 'NamedQueryId' ? namedQueryId(argument[0]) : arnOf(template, argument[0]);
  }
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, deployed(template, item)]));
}

/** Athena's ids have 36 characters. */
export function namedQueryId(logicalId: string): string {
  return logicalId.toLowerCase().slice(-36);
}

function arnOf(template: Template, logicalId: string): string {
  const name = logicalId.toLowerCase();
  switch (template.toJSON().Resources[logicalId].Type) {
    case 'AWS::S3::Bucket': return `arn:aws:s3:::${name}`;
    case 'AWS::KMS::Key': return `arn:aws:kms:${REGION}:${ACCOUNT}:key/${name}`;
    case 'AWS::IAM::Role': return `arn:aws:iam::${ACCOUNT}:role/${name}`;
    default: throw new Error(`no ARN is known for ${logicalId}`);
  }
}

/** The deployed policy of a bucket or a key, with the ARN of its resource. */
export function policyOf(stack: Stack, resource: IConstruct): { readonly arn: string; readonly statements: Statement[] } {
  const template = Template.fromStack(stack);
  const logicalId = stack.getLogicalId(resource.node.defaultChild as CfnResource);
  const resources: { [id: string]: any } = template.toJSON().Resources;
  const document = resources[logicalId].Type === 'AWS::KMS::Key'
    ? resources[logicalId].Properties.KeyPolicy
    : Object.values(resources).find(({ Type, Properties }) =>
      Type === 'AWS::S3::BucketPolicy' && Properties.Bucket.Ref === logicalId)?.Properties.PolicyDocument;
  return { arn: arnOf(template, logicalId), statements: deployed(template, document.Statement) as Statement[] };
}
