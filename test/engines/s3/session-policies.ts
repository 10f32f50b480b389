import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ACCOUNT, BUCKET_NAME, FUNCTION_NAMES, REGION } from './engine';
import type { FunctionName } from '../../../src/contract/routes';
import { StoreStack } from '../../api/fixtures';

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: object;
}

export interface PolicyDocument {
  readonly Version: string;
  readonly Statement: readonly Statement[];
}

type Resources = {
  readonly [id: string]: { readonly Type: string; readonly Properties: { readonly [name: string]: unknown } };
};

/**
 * The permissions of the three session roles as the constructs synthesize them, with the bucket and keys of an engine.
 * KMS statements are left out, as the key service of an engine has no such actions, conditions or ARNs.
 */
export function sessionRolePolicies(): { readonly [name in FunctionName]: PolicyDocument } {
  const resources = Template.fromStack(new StoreStack({}, new App())).toJSON().Resources as Resources;
  const policyOf = (name: FunctionName): PolicyDocument => {
    const role = new RegExp(`${name}SessionRolePermissions`, 'i');
    const found = Object.entries(resources).filter(
      ([id, { Type }]) => Type === 'AWS::IAM::ManagedPolicy' && role.test(id),
    );
    if (found.length !== 1) {
      throw new Error(`the template has ${found.length} managed policies for sessions of the ${name} function, not 1`);
    }
    const { Version, Statement } = resolve(found[0][1].Properties.PolicyDocument, resources) as PolicyDocument;
    return {
      Version,
      Statement: Statement.filter(({ Action }) => ![Action].flat().some((action) => action.startsWith('kms:'))),
    };
  };
  return Object.fromEntries(FUNCTION_NAMES.map((name) => [name, policyOf(name)])) as {
    [name in FunctionName]: PolicyDocument;
  };
}

/** Resolves names as CloudFormation would. */
function resolve(value: unknown, resources: Resources): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => resolve(item, resources));
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const [[name, argument], ...more] = Object.entries(value);
  if (more.length === 0 && name === 'Fn::Join') {
    const [separator, parts] = argument as [string, unknown[]];
    return parts.map((part) => resolve(part, resources)).join(separator);
  }
  if (more.length === 0 && name === 'Fn::GetAtt') {
    const [id] = argument as [string, string];
    return arnOf(id, resources[id].Type);
  }
  if (more.length === 0 && name === 'Ref') {
    return (
      { 'AWS::Region': REGION, 'AWS::URLSuffix': 'amazonaws.com', 'AWS::Partition': 'aws' }[argument as string] ??
      argument
    );
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolve(item, resources)]));
}

function arnOf(id: string, type: string): string {
  return type === 'AWS::S3::Bucket' ? `arn:aws:s3:::${BUCKET_NAME}` : `arn:aws:kms:${REGION}:${ACCOUNT}:key/${id}`;
}
