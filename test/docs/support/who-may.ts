import { Template } from 'aws-cdk-lib/assertions';
import { SecureModelArtifactStore } from '../../../src';
import { ROUTES, type Permission, type Route } from '../../../src/contract/routes';
import { allowed, denials, type Statement } from '../../storage/support/policy-evaluator';
import { testStack } from '../../support/app';

interface Resource {
  readonly Type: string;
  readonly Properties: { readonly Roles?: unknown[]; readonly PolicyDocument?: { readonly Statement: Array<Omit<Statement, 'Principal'>> } };
}

type Resources = { readonly [logicalId: string]: Resource };

const PARTITION = { 'AWS::Partition': 'aws', 'AWS::AccountId': '111122223333', 'AWS::Region': 'eu-central-1', 'AWS::URLSuffix': 'amazonaws.com' };

/** A value of a template as it would be deployed; every resource is named by its logical id. */
function deployed(value: unknown, resources: Resources): unknown {
  if (Array.isArray(value)) return value.map((item) => deployed(item, resources));
  if (typeof value !== 'object' || value === null) return value;
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': join } = value as { Ref?: string; 'Fn::GetAtt'?: [string, string]; 'Fn::Join'?: [string, unknown[]] };
  if (Ref !== undefined) return PARTITION[Ref as keyof typeof PARTITION] ?? Ref;
  if (attribute !== undefined) return arnOf(attribute[0], resources);
  if (join !== undefined) return join[1].map((item) => deployed(item, resources)).join(join[0]);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, deployed(item, resources)]));
}

function arnOf(logicalId: string, resources: Resources): string {
  const service = { 'AWS::S3::Bucket': 's3', 'AWS::KMS::Key': 'kms', 'AWS::IAM::Role': 'iam' }[resources[logicalId].Type] ?? 'other';
  return service === 's3' ? `arn:aws:s3:::${logicalId}` : `arn:aws:${service}:eu-central-1:111122223333:${logicalId}`;
}

/** One role of the store with its permissions, by the columns of the table. */
export interface Row {
  readonly role: string;
  readonly cells: readonly string[];
}

export const COLUMNS = ['files of models', 'manifests, signatures', 'aliases', 'trail', 'access logs', 'API', 'signing key'] as const;

/**
 * Who may do what, from the policies that the default store synthesises to, evaluated as IAM does: allowed and not denied. The
 * bucket policies are left out, because they only deny.
 */
export function whoMay(): Row[] {
  const stack = testStack();
  const store = new SecureModelArtifactStore(stack, 'Models');
  const resources = Template.fromStack(stack).toJSON().Resources as Resources;
  const idOf = (value: unknown) => stack.resolve(value) as { Ref: string };
  const artifacts = idOf(store.artifactBucket.bucket.bucketName).Ref;
  const api = idOf(store._api!.restApi.restApiId).Ref;
  const places: Place[] = [
    objects(artifacts, 'models/m/blobs/sha256/d'),
    objects(artifacts, 'models/m/versions/v/manifest.json'),
    objects(artifacts, 'models/m/aliases/a.json'),
    objects(idOf(store.logArchive!.trailBucket.bucketName).Ref, 'AWSLogs/111122223333/CloudTrail/log.json.gz'),
    objects(idOf(store.logArchive!.accessLogBucket.bucketName).Ref, 'log'),
  ];
  const signingKey = arnOf((stack.resolve(store.signingKey!.keyArn) as { 'Fn::GetAtt': [string] })['Fn::GetAtt'][0], resources);
  const { upload, download, registry } = store._sessionRoles;
  const roles = {
    'data scientist': store.dataScientistRole,
    pipeline: store.pipelineRole,
    auditor: store.auditorRole,
    'functions themselves': upload.executionRole,
    'session of `upload`': upload.sessionRole,
    'session of `download`': download.sessionRole,
    'session of `registry`': registry.sessionRole,
  };
  return Object.entries(roles).map(([name, role]) => {
    const statements = statementsOf((stack.resolve(role.roleName) as { Ref: string }).Ref, resources);
    const may = (action: string, resource: string) => allowed(statements, { action, resource, context: {} });
    const routes = Object.values<Route>(ROUTES).filter(({ method, path }) =>
      may('execute-api:Invoke', `arn:aws:execute-api:eu-central-1:111122223333:${api}/v1/${method}${path.replace(/\{[^}]+\}/g, 'x')}`));
    return {
      role: name,
      cells: [
        ...places.map((place) => wordsOf(place, statements)),
        permissionsOf(routes),
        may('kms:Sign', signingKey) ? 'signs' : '',
      ],
    };
  });
}

interface Place {
  readonly arn: string;
}

const objects = (bucket: string, key: string): Place => ({ arn: `arn:aws:s3:::${bucket}/${key}` });

const VERBS: { readonly [verb: string]: string } = { reads: 's3:GetObject', writes: 's3:PutObject', deletes: 's3:DeleteObject' };

function wordsOf({ arn }: Place, statements: readonly Statement[]): string {
  const verbs = Object.keys(VERBS).filter((verb) => allowed(statements, { action: VERBS[verb], resource: arn, context: {} }));
  const denied = denials(statements, { action: VERBS.reads, resource: arn, context: {} }).length > 0;
  return denied ? '**denied**' : verbs.join(', ');
}

/** In whole permissions: a role that had a part of one would show it. */
function permissionsOf(routes: readonly Route[]): string {
  const all = Object.values<Route>(ROUTES);
  const permissions = [...new Set(all.map(({ permission }) => permission))];
  const words: { readonly [permission in Permission]: string } = { read: 'looks', upload: 'pushes', download: 'pulls', promote: 'promotes' };
  return permissions.flatMap((permission) => {
    const held = routes.filter((route) => route.permission === permission).length;
    const whole = all.filter((route) => route.permission === permission).length;
    if (held === 0) return [];
    return [held === whole ? words[permission] : `${words[permission]} in part`];
  }).join(', ');
}

function statementsOf(role: string, resources: Resources): Statement[] {
  return Object.values(resources)
    .filter(({ Type, Properties }) => Type === 'AWS::IAM::ManagedPolicy' && JSON.stringify(Properties.Roles ?? []).includes(`"${role}"`))
    .flatMap(({ Properties }) => deployed(Properties.PolicyDocument?.Statement ?? [], resources) as Array<Omit<Statement, 'Principal'>>)
    .map((statement) => ({ ...statement, Principal: '*' }));
}

