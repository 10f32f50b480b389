import type { DrawnConstruct, Model } from './model';
import { References } from './references';

/** Where a resource says with which role it acts. */
const ROLE_OF = ['ExecutionRoleArn', 'Role', 'RoleArn', 'ServiceRole'];

/** A role of one user is a part of it: what it may do is then what the user does. */
export function absorbRoles(model: Model): Model {
  const references = new References(model);
  const users = new Map<string, Set<string>>();
  const roles = new Set(model.constructs.filter(({ isRole }) => isRole).map(({ path }) => path));
  for (const { properties, owner, stack } of model.resources.values()) {
    const targets = (properties.Targets as { RoleArn?: unknown }[] | undefined) ?? [];
    const named = [...ROLE_OF.map((property) => properties[property]), ...Array.isArray(targets) ? targets.map(({ RoleArn }) => RoleArn) : []];
    for (const role of references.owners(named, stack).filter((path) => roles.has(path) && path !== owner)) {
      users.set(role, (users.get(role) ?? new Set()).add(owner));
    }
  }
  const absorbed = new Map([...users].filter(([, by]) => by.size === 1).map(([role, [user]]) => [role, user]));
  const typesOf = (path: string) => model.constructs.find((construct) => construct.path === path)!.types;
  const withRoles = (construct: DrawnConstruct): DrawnConstruct => ({
    ...construct,
    types: [construct.path, ...[...absorbed].filter(([, user]) => user === construct.path).map(([role]) => role)].flatMap(typesOf),
  });
  return {
    ...model,
    constructs: model.constructs.filter(({ path }) => !absorbed.has(path)).map(withRoles),
    resources: new Map([...model.resources].map(([id, resource]) => [id, { ...resource, owner: absorbed.get(resource.owner) ?? resource.owner }])),
  };
}
