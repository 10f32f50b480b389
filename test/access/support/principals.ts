import type { CfnResource, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { ACCOUNT, deployed } from '../../storage/support/policies';
import { allowed, applies, type Statement } from '../../storage/support/policy-evaluator';

interface TrustStatement extends Omit<Statement, 'Resource'> {
  readonly Principal: '*' | { readonly AWS?: string; readonly Service?: string };
}

/**
 * The condition keys that a request to STS carries for each of the actions it is authorised for:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html
 */
const CARRIES: { readonly [action: string]: { readonly sourceIdentity: boolean; readonly tags: boolean; readonly others: boolean } } = {
  'sts:AssumeRole': { sourceIdentity: true, tags: true, others: true },
  'sts:SetSourceIdentity': { sourceIdentity: true, tags: false, others: false },
  'sts:TagSession': { sourceIdentity: false, tags: true, others: false },
};

export interface SessionRequest {
  readonly sourceIdentity?: string;
  readonly tags?: { readonly [key: string]: string };
  readonly durationSeconds?: number;
  readonly context?: { readonly [key: string]: string };
}

/** The permissions of a deployed stack's roles. */
export class Principals {
  private readonly template: Template;
  private readonly resources: { readonly [logicalId: string]: any };

  constructor(private readonly stack: Stack) {
    this.template = Template.fromStack(stack);
    this.resources = this.template.toJSON().Resources;
  }

  /** The statements of all its policies. */
  public statementsOf(role: iam.IRole): Statement[] {
    const logicalId = this.logicalId(role);
    const attached = Object.values(this.resources).filter(({ Type, Properties }) =>
      ['AWS::IAM::ManagedPolicy', 'AWS::IAM::Policy'].includes(Type)
      && Properties.Roles?.some((attachedTo: { Ref?: string }) => attachedTo.Ref === logicalId));
    const inline = this.resources[logicalId].Properties.Policies ?? [];
    return [...attached.map(({ Properties }) => Properties.PolicyDocument), ...inline.map((policy: any) => policy.PolicyDocument)]
      .flatMap((document) => deployed(this.template, document.Statement) as Statement[])
      .map((statement) => ({ ...statement, Principal: '*' }));
  }

  /** Whether the role's own policies allow an action. */
  public may(role: iam.IRole, action: string, resource: string, context: { [key: string]: string } = {}): boolean {
    return allowed(this.statementsOf(role), { action, resource, context });
  }

  /** Whether the trust policy of a role lets a principal open a session, with all that opening it takes. */
  public lets(role: iam.IRole, caller: string, request: SessionRequest = {}): boolean {
    const needed = [
      'sts:AssumeRole',
      ...request.sourceIdentity === undefined ? [] : ['sts:SetSourceIdentity'],
      ...request.tags === undefined ? [] : ['sts:TagSession'],
    ];
    const says = (effect: string, action: string) =>
      this.trustOf(role).some((statement) => statement.Effect === effect && matches(statement, action, caller, request));
    return needed.every((action) => says('Allow', action) && !says('Deny', action));
  }

  public trustOf(role: iam.IRole): TrustStatement[] {
    return deployed(this.template, this.resources[this.logicalId(role)].Properties.AssumeRolePolicyDocument.Statement) as TrustStatement[];
  }

  public arnOf(role: iam.IRole): string {
    return deployed(this.template, this.stack.resolve(role.roleArn)) as string;
  }

  public resolve(value: string): string {
    return deployed(this.template, this.stack.resolve(value)) as string;
  }

  public propertiesOf(role: iam.IRole): any {
    return this.resources[this.logicalId(role)].Properties;
  }

  private logicalId(role: iam.IRole): string {
    return this.stack.getLogicalId(role.node.defaultChild as CfnResource);
  }
}

function matches(statement: TrustStatement, action: string, caller: string, request: SessionRequest): boolean {
  const { AWS: named, Service: service } = statement.Principal === '*' ? { AWS: caller, Service: undefined } : statement.Principal;
  // The account's root principal stands for every principal of the account that IAM allows.
  const principal = caller === service || caller === named || (named === `arn:aws:iam::${ACCOUNT}:root` && caller.startsWith(`arn:aws:iam::${ACCOUNT}:`));
  const {
    'ForAllValues:StringEquals': forAll = {}, NumericLessThanEqualsIfExists: atMost = {}, ...conditions
  } = (statement.Condition ?? {}) as { [operator: string]: { [key: string]: any } };
  const carries = CARRIES[action];
  const tags = carries.tags ? request.tags ?? {} : {};
  const sourceIdentity = carries.sourceIdentity ? request.sourceIdentity : undefined;
  const durationSeconds = carries.others ? request.durationSeconds : undefined;
  const allKeysKnown = Object.entries(forAll).every(([key, values]) => key === 'aws:TagKeys' && Object.keys(tags).every((tag) => values.includes(tag)));
  const shortEnough = Object.entries(atMost).every(([key, value]) =>
    key === 'sts:DurationSeconds' && (durationSeconds === undefined || durationSeconds <= Number(value)));
  const context = {
    ...Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:RequestTag/${key}`, value])),
    ...sourceIdentity === undefined ? {} : { 'sts:SourceIdentity': sourceIdentity },
    // Keys about the caller are in every request.
    ...Object.fromEntries(Object.entries(request.context ?? {}).filter(([key]) => carries.others || key.startsWith('aws:'))),
  };
  const resolved = withoutVariables(conditions, context);
  return principal && allKeysKnown && shortEnough && resolved !== undefined
    && applies({ ...statement, Principal: '*', Resource: '*', Condition: resolved }, { action, resource: '*', context });
}

/**
 * Puts the values of the request in place of policy variables. A statement with a variable that has no value does not match:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
function withoutVariables(
  conditions: NonNullable<Statement['Condition']>, context: { readonly [key: string]: string },
): Statement['Condition'] | undefined {
  let complete = true;
  const resolved = JSON.stringify(conditions).replace(/\$\{([^}]+)\}/g, (_, key: string) => {
    complete &&= context[key] !== undefined;
    return context[key] ?? '';
  });
  return complete ? JSON.parse(resolved) : undefined;
}
