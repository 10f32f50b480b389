/** The parts of a CloudFormation template that the rig uses. */
export interface Template {
  readonly Resources?: Record<string, Resource>;
  readonly Outputs?: Record<string, { readonly Value: unknown }>;
  readonly [section: string]: unknown;
}

export interface Resource {
  readonly Type: string;
  readonly DependsOn?: string | readonly string[];
  readonly Properties?: Record<string, unknown>;
  readonly [attribute: string]: unknown;
}

/** A part of the template that is omitted for the local AWS, and the reason. */
export interface LeftOut {
  /** `resource`, `output`, `dependency`, or `statement` (of a policy). */
  readonly kind: 'resource' | 'output' | 'dependency' | 'statement';
  /** Logical ID, or logical ID and the path within it. */
  readonly where: string;
  readonly type?: string;
  readonly because: string;
}

export interface LocalTemplate {
  readonly template: Template;
  readonly leftOut: readonly LeftOut[];
}

/** Why a resource of a supported type is unsupported with these properties. */
function unsupportedBecause({ Type: type, Properties: properties }: Resource): string | undefined {
  return type === 'AWS::CloudWatch::Alarm' && properties?.Metrics !== undefined ? 'the local AWS has no alarms on metric math' : undefined;
}

/**
 * The template without the resource types that the local AWS does not support. Whatever refers to an omitted resource
 * is also omitted: the policy statement with the reference, the output, the DependsOn entry, or the whole resource.
 * Nothing is omitted silently.
 */
export function leaveOutUnsupported(template: Template, supportedTypes: ReadonlySet<string>): LocalTemplate {
  const leftOut: LeftOut[] = [];
  const resources: Record<string, Resource> = structuredClone(template.Resources ?? {});
  const gone = new Set<string>();

  for (const [id, resource] of Object.entries(resources)) {
    const because = supportedTypes.has(resource.Type) || resource.Type.startsWith('Custom::')
      ? unsupportedBecause(resource) : 'the local AWS has no such resource type';
    if (because !== undefined) {
      gone.add(id);
      leftOut.push({ kind: 'resource', where: id, type: resource.Type, because });
      delete resources[id];
    }
  }

  for (let changed = true; changed;) {
    changed = false;
    for (const [id, resource] of Object.entries(resources)) {
      const properties = withoutStatements(resource.Properties, gone, (where, because) => {
        leftOut.push({ kind: 'statement', where: `${id}.${where}`, type: resource.Type, because });
      });
      const missing = firstReference(properties, gone);
      if (missing !== undefined) {
        gone.add(id);
        leftOut.push({ kind: 'resource', where: id, type: resource.Type, because: `it refers to ${missing}, which is left out` });
        delete resources[id];
        changed = true;
      } else {
        resources[id] = { ...resource, ...(properties === undefined ? {} : { Properties: properties as Record<string, unknown> }) };
      }
    }
  }

  for (const [id, { DependsOn: dependsOn, ...resource }] of Object.entries(resources)) {
    const all = dependsOn === undefined ? [] : typeof dependsOn === 'string' ? [dependsOn] : dependsOn;
    const kept = all.filter((dependency) => !gone.has(dependency));
    for (const dependency of all.filter((one) => gone.has(one))) {
      leftOut.push({ kind: 'dependency', where: `${id}.DependsOn`, because: `${dependency} is left out` });
    }
    resources[id] = kept.length === 0 ? (resource as Resource) : { ...(resource as Resource), DependsOn: kept };
  }

  const outputs: Record<string, { Value: unknown }> = {};
  for (const [id, output] of Object.entries(template.Outputs ?? {})) {
    const missing = firstReference(output, gone);
    if (missing === undefined) {
      outputs[id] = output;
    } else {
      leftOut.push({ kind: 'output', where: id, because: `it refers to ${missing}, which is left out` });
    }
  }

  return {
    template: { ...template, Resources: resources, ...(template.Outputs === undefined ? {} : { Outputs: outputs }) },
    leftOut,
  };
}

/** The same value without policy statements that refer to omitted resources. */
function withoutStatements(value: unknown, gone: ReadonlySet<string>, say: (where: string, because: string) => void, at = ''): unknown {
  if (Array.isArray(value)) {
    const isStatements = at.endsWith('Statement');
    return value.flatMap((item, index) => {
      const missing = isStatements ? firstReference(item, gone) : undefined;
      if (missing !== undefined) {
        const sid = (item as { Sid?: string }).Sid;
        say(`${at}[${sid ?? index}]`, `it refers to ${missing}, which is left out`);
        return [];
      }
      return [withoutStatements(item, gone, say, `${at}[${index}]`)];
    });
  }
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([name, item]) =>
      [name, withoutStatements(item, gone, say, at === '' ? name : `${at}.${name}`)]));
  }
  return value;
}

/** The first logical id of `ids` that the value refers to, by Ref, Fn::GetAtt or Fn::Sub. */
function firstReference(value: unknown, ids: ReadonlySet<string>): string | undefined {
  if (Array.isArray(value)) {
    for (const item of value) {
      const found = firstReference(item, ids);
      if (found !== undefined) {
        return found;
      }
    }
    return undefined;
  }
  if (value === null || typeof value !== 'object') {
    return undefined;
  }
  const node = value as Record<string, unknown>;
  if (typeof node.Ref === 'string' && ids.has(node.Ref)) {
    return node.Ref;
  }
  const attribute = node['Fn::GetAtt'];
  const owner = typeof attribute === 'string' ? attribute.split('.')[0] : Array.isArray(attribute) ? String(attribute[0]) : undefined;
  if (owner !== undefined && ids.has(owner)) {
    return owner;
  }
  const substitution = node['Fn::Sub'];
  const text = typeof substitution === 'string' ? substitution : Array.isArray(substitution) ? String(substitution[0]) : '';
  for (const [, name] of text.matchAll(/\$\{([^!.}]+)[^}]*\}/g)) {
    if (ids.has(name)) {
      return name;
    }
  }
  return firstReference(Object.values(node), ids);
}
