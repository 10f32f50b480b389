/** The parts of a synthesized template that these tests use. */
export interface Template {
  readonly Resources: { readonly [logicalId: string]: TemplateResource };
  readonly [section: string]: unknown;
}

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: { readonly [name: string]: unknown };
  readonly DependsOn?: string | readonly string[];
}

/**
 * The same template, with each resource after those that it refers to or depends on. CloudFormation derives that order
 * itself; moto creates a referenced resource before the dependencies of that resource.
 */
export function inOrder(template: Template): Template {
  const ordered: { [logicalId: string]: TemplateResource } = {};
  const visit = (logicalId: string): void => {
    if (logicalId in ordered) {
      return;
    }
    const resource = template.Resources[logicalId];
    const dependsOn = typeof resource.DependsOn === 'string' ? [resource.DependsOn] : resource.DependsOn ?? [];
    [...dependsOn, ...references(resource.Properties)].filter((id) => id in template.Resources).forEach(visit);
    ordered[logicalId] = resource;
  };
  Object.keys(template.Resources).forEach(visit);
  return { ...template, Resources: ordered };
}

function references(value: unknown): string[] {
  if (Array.isArray(value)) {
    return value.flatMap(references);
  }
  if (value === null || typeof value !== 'object') {
    return [];
  }
  return Object.entries(value).flatMap(([name, argument]) => {
    switch (name) {
      case 'Ref': return [String(argument)];
      case 'Fn::GetAtt': return [String(argument[0])];
      case 'Fn::Sub': return [...JSON.stringify(argument).matchAll(/\$\{([^}.!]+)/g)].map(([, id]) => id);
      default: return references(argument);
    }
  });
}

export interface Deployed {
  readonly account: string;
  readonly region: string;
  readonly stackName: string;
  readonly stackId: string;
  readonly physicalIds: { readonly [logicalId: string]: string };
  readonly attributes: { readonly [logicalId: string]: { readonly [name: string]: string } };
}

/** A value that the emulator cannot resolve. It differs from every value that a service returns. */
export const UNRESOLVED = Symbol('unresolved');

/** The value with intrinsic functions resolved as in CloudFormation. Throws for an unsupported function. */
export function resolved(value: unknown, deployed: Deployed): unknown {
  const again = (inner: unknown) => resolved(inner, deployed);
  if (Array.isArray(value)) {
    return value.map(again).filter((item) => item !== NO_VALUE);
  }
  if (value === null || typeof value !== 'object') {
    return value;
  }
  const entries = Object.entries(value);
  const [name, argument] = entries[0] ?? [];
  if (entries.length === 1 && (name === 'Ref' || name.startsWith('Fn::'))) {
    return worked(name, argument, deployed, again);
  }
  return Object.fromEntries(entries.map(([key, item]) => [key, again(item)]).filter(([, item]) => item !== NO_VALUE));
}

const NO_VALUE = Symbol('AWS::NoValue');

function worked(name: string, argument: any, deployed: Deployed, again: (value: unknown) => unknown): unknown {
  switch (name) {
    case 'Ref': return reference(argument, deployed);
    case 'Fn::GetAtt': return deployed.attributes[argument[0]]?.[argument[1]] ?? UNRESOLVED;
    case 'Fn::Join': {
      const parts = again(argument[1]) as unknown[];
      return parts.includes(UNRESOLVED) ? UNRESOLVED : parts.join(argument[0]);
    }
    case 'Fn::Select': return (again(argument[1]) as unknown[])[Number(argument[0])];
    case 'Fn::Split': return String(again(argument[1])).split(argument[0]);
    case 'Fn::Base64': return Buffer.from(String(again(argument))).toString('base64');
    case 'Fn::Sub': return String(argument).replace(/\$\{([^}]+)\}/g, (_, id: string) => String(reference(id, deployed)));
    default: throw new Error(`the template uses ${name}, which these tests cannot work out`);
  }
}

function reference(id: string, { account, region, stackName, stackId, physicalIds }: Deployed): unknown {
  switch (id) {
    case 'AWS::AccountId': return account;
    case 'AWS::Region': return region;
    case 'AWS::Partition': return 'aws';
    case 'AWS::URLSuffix': return 'amazonaws.com';
    case 'AWS::StackName': return stackName;
    case 'AWS::StackId': return stackId;
    case 'AWS::NoValue': return NO_VALUE;
    default: return physicalIds[id] ?? UNRESOLVED;
  }
}
