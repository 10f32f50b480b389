import type { App } from 'aws-cdk-lib';
import { CfnResource, Stack } from 'aws-cdk-lib';
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
const CLASSES = Object.values(library).filter((value) => typeof value === 'function') as unknown as (new (...args: never[]) => unknown)[];

/** The constructs that people wrote, with the resources that each of them stands for. */
export function modelOf(app: App): Model {
  const templates = new Map(app.synth().stacksRecursively.map(({ stackName, template }) => [stackName, template as Template]));
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
    const { owner, within } = placeOf(resource);
    const inHeading = IN_HEADING.has(synthesised.Type) && !isOurs(owner);
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
    });
    resources.set(`${stack.stackName}/${logicalId}`, {
      type: synthesised.Type, properties: synthesised.Properties ?? {}, owner: owner.node.path, stack: stack.stackName,
    });
  }
  return { groups: sorted(groups), constructs: sorted(constructs), resources, templates };
}

/** From the stack down, the first construct that is a thing by itself; what is above it groups. */
function placeOf(resource: IConstruct): { owner: IConstruct; within: IConstruct[] } {
  const scopes = resource.node.scopes;
  const fromStack = scopes.slice(scopes.findIndex((scope) => Stack.isStack(scope)));
  const index = fromStack.findIndex((scope) => !isGroup(scope));
  return { owner: fromStack[index], within: fromStack.slice(0, index) };
}

function isGroup(construct: IConstruct): boolean {
  return Stack.isStack(construct) || OPENED.some((opened) => construct instanceof opened) || !(isOurs(construct) || isOfTheCdk(construct));
}

function isOurs(construct: IConstruct): boolean {
  return CLASSES.some((of) => construct instanceof of);
}

function isOfTheCdk(construct: IConstruct): boolean {
  const { fqn } = (construct.constructor as unknown as Record<symbol, { fqn: string } | undefined>)[Symbol.for('jsii.rtti')] ?? {};
  return fqn?.startsWith('aws-cdk-lib.') ?? false;
}

function classNameOf(construct: IConstruct): string | undefined {
  return isOurs(construct) ? construct.constructor.name : undefined;
}

/** `LogArchive` is the "Log archive". */
function titleOf(construct: IConstruct): string {
  const words = construct.node.id.replace(/(?<=[a-z0-9])(?=[A-Z])/g, ' ').split(' ');
  return [words[0], ...words.slice(1).map((word) => /^[A-Z]{2}/.test(word) ? word : word.toLowerCase())].join(' ');
}

function sorted<T>(map: Map<string, T>): T[] {
  return [...map.keys()].sort().map((key) => map.get(key)!);
}
