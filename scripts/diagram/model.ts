import type { App } from 'aws-cdk-lib';
import { CfnResource, Resource as CdkResource, Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { IConstruct } from 'constructs';
import * as library from '../../src';

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Record<string, unknown>;
}

export interface Template {
  readonly Resources?: Record<string, TemplateResource>;
  readonly Outputs?: Record<string, { Value: unknown; Export?: { Name: unknown } }>;
}

/** A resource of a template, and the construct that a picture shows it as. */
export interface Resource {
  readonly type: string;
  readonly properties: Record<string, unknown>;
  readonly owner: string;
  readonly stack: string;
}

export interface DrawnConstruct {
  readonly path: string;
  readonly title: string;
  /** The class, if it is one that people write in their own code. */
  readonly className?: string;
  readonly group: string;
  readonly types: string[];
  readonly isRole: boolean;
  /** Name of the bucket, if it is one that was there before. */
  readonly existing?: string;
}

export interface Group {
  readonly path: string;
  readonly title: string;
  readonly className?: string;
  readonly parent?: string;
  readonly types: string[];
}

export interface Model {
  readonly groups: Group[];
  readonly constructs: DrawnConstruct[];
  /** By stack and logical id. */
  readonly resources: Map<string, Resource>;
  readonly templates: Map<string, Template>;
}

/** Not resources of anybody: what the CDK counts its users with. */
const IGNORED = new Set(['AWS::CDK::Metadata']);
/** What a group has beside its constructs is told in its heading. */
const IN_HEADING = new Set(['AWS::SSM::Parameter']);
const OPENED = [library.StoreBase, library.StoreRoles];

/** How much a picture shows. */
export interface Scope {
  /** Names of the stacks; by default all of them. */
  readonly stacks?: string[];
  /** Show a whole store as one thing, where the picture is about what is around it. */
  readonly closedStores?: boolean;
}
const CLASSES = Object.values(library).filter((value) => typeof value === 'function') as unknown as (new (...args: never[]) => unknown)[];

/** The constructs that people wrote, with the resources that each of them stands for. */
export function modelOf(app: App, { stacks, closedStores = false }: Scope): Model {
  const drawn = app.synth().stacksRecursively.filter(({ stackName }) => stacks?.includes(stackName) ?? true);
  const templates = new Map(drawn.map(({ stackName, template }) => [stackName, template as Template]));
  const groups = new Map<string, Group>();
  const constructs = new Map<string, DrawnConstruct>();
  const resources = new Map<string, Resource>();
  for (const resource of app.node.findAll().filter((construct) => CfnResource.isCfnResource(construct))) {
    const stack = Stack.of(resource);
    const logicalId = stack.resolve(resource.logicalId) as string;
    const synthesised = templates.get(stack.stackName)?.Resources?.[logicalId];
    if (!synthesised || IGNORED.has(synthesised.Type)) {
      continue;
    }
    const { owner, within } = placeOf(resource, closedStores);
    const inHeading = IN_HEADING.has(synthesised.Type) && classNameOf(owner) === undefined;
    within.forEach((scope, index) => groups.set(scope.node.path, {
      path: scope.node.path,
      title: titleOf(scope),
      className: classNameOf(scope),
      parent: within[index - 1]?.node.path,
      types: [...groups.get(scope.node.path)?.types ?? [], ...inHeading && index === within.length - 1 ? [synthesised.Type] : []],
    }));
    if (inHeading) {
      continue;
    }
    const known = constructs.get(owner.node.path);
    constructs.set(owner.node.path, {
      path: owner.node.path,
      title: titleOf(owner),
      className: classNameOf(owner),
      group: within[within.length - 1].node.path,
      types: [...known?.types ?? [], synthesised.Type],
      isRole: owner instanceof iam.Role,
    });
    resources.set(`${stack.stackName}/${logicalId}`, {
      type: synthesised.Type, properties: synthesised.Properties ?? {}, owner: owner.node.path, stack: stack.stackName,
    });
  }
  existingBuckets(app, templates).forEach(({ bucket, name }) => {
    const { owner, within } = placeOf(bucket, closedStores);
    if (constructs.has(owner.node.path)) {
      // A construct that uses the bucket of somebody else, such as the one that assets are published to, is not that bucket.
      return;
    }
    constructs.set(owner.node.path, {
      path: owner.node.path, title: titleOf(owner), group: within[within.length - 1].node.path, types: [], isRole: false, existing: name,
    });
  });
  return { groups: sorted(groups), constructs: sorted(constructs), resources, templates };
}

/** Buckets of elsewhere that the templates name; one that another of these stacks makes is drawn there. */
function existingBuckets(app: App, templates: Model['templates']): { bucket: s3.IBucket; name: string }[] {
  const made = [...templates.values()].flatMap(({ Resources }) => Object.values(Resources ?? {}).map(({ Properties }) => Properties?.BucketName));
  return app.node.findAll()
    .filter((construct): construct is s3.BucketBase => construct instanceof s3.BucketBase && !CdkResource.isOwnedResource(construct))
    .filter((bucket) => templates.has(Stack.of(bucket).stackName))
    .map((bucket) => ({ bucket, name: bucket.bucketName }))
    .filter(({ name }) => !Token.isUnresolved(name) && !made.includes(name));
}

/** From the stack down, the first construct that is a thing by itself; what is above it groups. */
function placeOf(resource: IConstruct, closedStores: boolean): { owner: IConstruct; within: IConstruct[] } {
  const scopes = resource.node.scopes;
  const fromStack = scopes.slice(scopes.findIndex((scope) => Stack.isStack(scope)));
  const index = fromStack.findIndex((scope) => !isGroup(scope) || (closedStores && scope instanceof library.StoreBase));
  return { owner: fromStack[index], within: fromStack.slice(0, index) };
}

function isGroup(construct: IConstruct): boolean {
  return Stack.isStack(construct) || OPENED.some((opened) => construct instanceof opened);
}

function classNameOf(construct: IConstruct): string | undefined {
  return CLASSES.some((of) => construct instanceof of) && !(construct instanceof iam.Role) ? construct.constructor.name : undefined;
}

/** `LogArchive` is the "Log archive". */
function titleOf(construct: IConstruct): string {
  if (Stack.isStack(construct) && !Token.isUnresolved(construct.account)) {
    return `${words(construct)}, account ${construct.account}`;
  }
  return words(construct);
}

function words(construct: IConstruct): string {
  const all = construct.node.id.replace(/(?<=[a-z0-9])(?=[A-Z])/g, ' ').replace(/(Code|Sage) (Pipeline|Maker)/, '$1$2').split(' ');
  return [all[0], ...all.slice(1).map((word) => /[A-Z].*[A-Z]/.test(word) ? word : word.toLowerCase())].join(' ');
}

function sorted<T>(map: Map<string, T>): T[] {
  return [...map.keys()].sort().map((key) => map.get(key)!);
}
