import { fullDiff, ResourceImpact, type ResourceDifference } from '@aws-cdk/cloudformation-diff';
import type { Template } from './configurations';
import { LASTING, UNCHANGEABLE } from './lasting-resources';

/** The action of CloudFormation on the existing resource, in words. */
const LOSSES: Partial<Record<ResourceImpact, string>> = {
  [ResourceImpact.WILL_REPLACE]: 'would be replaced',
  [ResourceImpact.MAY_REPLACE]: 'could be replaced',
  [ResourceImpact.WILL_DESTROY]: 'would be deleted',
  [ResourceImpact.WILL_ORPHAN]: 'would be left behind and managed by nobody',
};

/** The attributes that keep a resource when its stack is deleted, or when it is replaced. */
const KEEPS = ['DeletionPolicy', 'UpdateReplacePolicy'];

/**
 * What users would lose by deploying `now` over `released`: one sentence each, which names the resource, what
 * happens to it and why.
 */
export function upgradeLosses(released: Template, now: Template): string[] {
  const changes = Object.entries(fullDiff(released, now).resources.changes);
  return changes
    .filter(([, change]) => change.oldResourceType !== undefined && Object.hasOwn(LASTING, change.oldResourceType))
    .flatMap(([logicalId, change]) => [...lossOf(change, now), ...refusals(change), ...weakened(change)]
      .map((loss) => `${logicalId} (${change.oldResourceType}) ${loss}; at stake: ${LASTING[change.oldResourceType!]}`));
}

function lossOf(change: ResourceDifference, now: Template): string[] {
  const loss = LOSSES[change.changeImpact];
  if (!loss) {
    return [];
  }
  if (change.isRemoval) {
    const others = Object.entries(now.Resources).filter(([, { Type }]) => Type === change.oldResourceType).map(([id]) => id);
    return [`${loss}, because its logical id is gone (of its type there are now: ${others.join(', ') || 'none'})`];
  }
  if (change.resourceTypeChanged) {
    return [`${loss}, because its type changed to ${change.newResourceType}`];
  }
  const reasons = Object.entries(change.propertyUpdates)
    .filter(([, { changeImpact }]) => changeImpact !== undefined && changeImpact in LOSSES)
    .map(([name, { oldValue, newValue }]) => changed(name, oldValue, newValue));
  return [`${loss}, because ${reasons.join(' and ')}`];
}

function refusals({ oldResourceType, propertyUpdates, isRemoval }: ResourceDifference): string[] {
  return isRemoval ? [] : (UNCHANGEABLE[oldResourceType!] ?? [])
    .filter((name) => Object.hasOwn(propertyUpdates, name))
    .map((name) => `could not be updated, because AWS refuses it: ${changed(name, propertyUpdates[name].oldValue, propertyUpdates[name].newValue)}`);
}

function weakened({ oldValue, newValue }: ResourceDifference): string[] {
  return newValue === undefined ? [] : KEEPS
    .filter((policy) => oldValue?.[policy] !== newValue[policy] && ['Retain', 'RetainExceptOnCreate', 'Snapshot'].includes(oldValue?.[policy]))
    .map((policy) => `would not be kept any more, because ${changed(policy, oldValue?.[policy], newValue[policy])}`);
}

function changed(name: string, before: unknown, after: unknown): string {
  const show = (value: unknown) => (value === undefined ? 'nothing' : JSON.stringify(value));
  return `${name} changed from ${show(before)} to ${show(after)}`;
}
