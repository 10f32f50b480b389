import type { Resource } from './model';
import type { References } from './references';

interface Statement {
  readonly Effect: string;
  readonly Action?: string | string[];
  readonly Resource?: unknown;
  readonly Principal?: unknown;
}

interface PolicyDocument {
  readonly Statement: Statement[];
}

/** What an action does, in a word; actions that only come along with another (keys of buckets, a function's own logs) have none. */
const VERBS: [RegExp, string][] = [
  [/^s3:(Get|List)/, 'reads'],
  [/^s3:(Put|AbortMultipartUpload)/, 'writes'],
  [/^s3:Delete/, 'deletes'],
  [/^kms:Sign$/, 'signs with'],
  [/^(lambda:InvokeFunction|execute-api:Invoke|sagemaker:InvokeEndpoint)/, 'calls'],
  [/^(states:StartExecution|codepipeline:StartPipelineExecution|codebuild:StartBuild|sagemaker:Create\w+)$/, 'starts'],
  [/^athena:StartQueryExecution$/, 'queries'],
  [/^logs:(FilterLogEvents|GetLogEvents|StartQuery)$/, 'reads'],
  [/^sns:Publish$/, 'notifies'],
  [/^sqs:SendMessage$/, 'sends to'],
  [/^sts:AssumeRole/, 'acts as'],
];

const ROLES = { 'AWS::IAM::Policy': 'Roles', 'AWS::IAM::ManagedPolicy': 'Roles', 'AWS::IAM::RolePolicy': 'RoleName' } as Record<string, string>;

/** Who may do what: what is allowed to the roles of a policy, and who may take on a role. */
export function permissionsOf({ type, properties, owner, stack }: Resource, references: References): { from: string; to: string; verb: string }[] {
  const allowed = (document: unknown) => ((document as PolicyDocument | undefined)?.Statement ?? []).filter(({ Effect }) => Effect === 'Allow');
  const done = (document: unknown, by: string[]) => allowed(document).flatMap((statement) => {
    const verbs = verbsOf(statement);
    return references.owners(statement.Resource, stack).flatMap((to) => by.flatMap((from) => verbs.map((verb) => ({ from, to, verb }))));
  });

  if (type in ROLES) {
    return done(properties.PolicyDocument, references.owners(properties[ROLES[type]], stack));
  }
  if (type !== 'AWS::IAM::Role') {
    return [];
  }
  const inline = (properties.Policies as { PolicyDocument: unknown }[] | undefined) ?? [];
  return [
    ...inline.flatMap(({ PolicyDocument: document }) => done(document, [owner])),
    ...allowed(properties.AssumeRolePolicyDocument).flatMap(({ Principal }) =>
      references.owners(Principal, stack).map((from) => ({ from, to: owner, verb: 'acts as' }))),
  ];
}

function verbsOf({ Action }: Statement): string[] {
  const actions = typeof Action === 'string' ? [Action] : Action ?? [];
  return [...new Set(actions.flatMap((action) => VERBS.filter(([pattern]) => pattern.test(action)).map(([, verb]) => verb)))];
}
