import { type Stack, Token } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { EgressAnalytics } from '../../../../src/audit/egress-analytics';
import type { EgressAnalyticsProps } from '../../../../src/audit/egress-analytics-props';
import { StoreParts } from '../../../access/support/store';

export interface NamedQuery {
  readonly name: string;
  readonly sql: string;
}

/** The Glue and Athena resources that `EgressAnalytics` synthesizes, with references resolved to the names below. */
export interface SynthesisedDatabase {
  readonly name: string;
  /** The TableInput of every table and view, by name. */
  readonly tables: { readonly [name: string]: TableInput };
  readonly queries: readonly NamedQuery[];
}

export interface TableInput {
  readonly Name: string;
  readonly TableType: string;
  readonly ViewOriginalText?: string;
  readonly StorageDescriptor: { readonly Columns: readonly { readonly Name: string; readonly Type: string }[] };
}

export interface BucketNames {
  readonly artifacts: string;
  readonly trail: string;
  readonly accessLogs: string;
}

const ACCOUNT = '111122223333';
const REGION = 'eu-central-1';
export const DATABASE = 'models_audit';

/** Settings of a store as deployed: ARNs instead of constructs. */
export interface StoreOptions extends Pick<
  EgressAnalyticsProps,
  'perimeter' | 'watchedResources' | 'watchedPrefix' | 'canaryModels' | 'directInvocations' | 'thresholds' | 'businessHours'
> {
  readonly sessionRoles?: readonly string[];
  readonly auditorRoles?: readonly string[];
  readonly functionRoles?: readonly string[];
  readonly callerRoles?: readonly string[];
  readonly directRoles?: readonly string[];
  readonly deploymentRoles?: readonly string[];
}

/** Synthesizes a store with audit queries, and resolves its tables, views and named queries. */
export function synthesisedDatabase(names: BucketNames, options: StoreOptions = {}): SynthesisedDatabase {
  const store = new StoreParts();
  const { sessionRoles, auditorRoles, functionRoles, callerRoles, directRoles, deploymentRoles, ...rest } = options;
  const roles = (id: string, arns: readonly string[] | undefined) =>
    arns?.map((arn, index) => iam.Role.fromRoleArn(store, `${id}${index}`, arn));
  new EgressAnalytics(store, 'Analytics', {
    artifactBucket: store.artifactBucket,
    logArchive: store.logArchive,
    databaseName: DATABASE,
    ...rest,
    sessionRoles: roles('Session', sessionRoles),
    auditorRoles: roles('Auditor', auditorRoles),
    functionRoles: roles('Function', functionRoles),
    callerRoles: roles('Caller', callerRoles),
    directRoles: roles('Direct', directRoles),
    deploymentRoles: roles('Deployment', deploymentRoles),
  });
  const references = new Map([
    ['AWS::AccountId', ACCOUNT],
    ['AWS::Region', REGION],
    ['AWS::Partition', 'aws'],
    ['AWS::URLSuffix', 'amazonaws.com'],
    [logicalId(store, store.artifactBucket.bucket), names.artifacts],
    [logicalId(store, store.logArchive.trailBucket), names.trail],
    [logicalId(store, store.logArchive.accessLogBucket), names.accessLogs],
  ]);
  const template = Template.fromStack(store);
  const resources = (type: string): any[] =>
    Object.values(template.findResources(type)).map(({ Properties }) => resolved(Properties, references));
  return {
    name: DATABASE,
    tables: Object.fromEntries(resources('AWS::Glue::Table').map(({ TableInput }) => [TableInput.Name, TableInput])),
    queries: resources('AWS::Athena::NamedQuery')
      .map(({ Name, QueryString }) => ({ name: Name, sql: QueryString }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
  };
}

function logicalId(stack: Stack, construct: IConstruct): string {
  const id = stack.getLogicalId(construct.node.defaultChild as never);
  return Token.isUnresolved(id) ? String(stack.resolve(id)) : id;
}

/** Resolves the CloudFormation intrinsic functions that tables, views and queries use. */
function resolved(value: unknown, references: ReadonlyMap<string, string>): unknown {
  const each = (item: unknown): any => resolved(item, references);
  if (Array.isArray(value)) return value.map(each);
  if (typeof value !== 'object' || value === null) return value;
  const [[name, argument]] = [...Object.entries(value), ['', undefined] as const];
  if (name === 'Ref') return references.get(String(argument)) ?? `ref-${String(argument).toLowerCase()}`;
  if (name === 'Fn::Join') return each((argument as unknown[])[1]).join((argument as string[])[0]);
  if (name === 'Fn::Base64') return Buffer.from(each(argument)).toString('base64');
  if (name.startsWith('Fn::')) throw new Error(`${name} is not resolved here: ${JSON.stringify(argument)}`);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, each(item)]));
}

export interface ViewDefinition {
  readonly originalSql: string;
  readonly catalog: string;
  readonly schema: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
}

/** The Base64 content of a view. */
export function viewDefinition(view: TableInput): ViewDefinition {
  const [, encoded] = /^\/\* Presto View: (.*) \*\/$/.exec(view.ViewOriginalText ?? '')!;
  return JSON.parse(Buffer.from(encoded, 'base64').toString('utf8'));
}

/** The same view with a different statement. */
export function withSql(view: TableInput, originalSql: string): TableInput {
  const definition = Buffer.from(JSON.stringify({ ...viewDefinition(view), originalSql })).toString('base64');
  return { ...view, ViewOriginalText: `/* Presto View: ${definition} */` };
}
