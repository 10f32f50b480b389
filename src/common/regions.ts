import { RegionInfo } from 'aws-cdk-lib/region-info';

/** What the installed aws-cdk-lib knows of Regions and partitions. A newer Region comes with a newer aws-cdk-lib. */

export function isRegion(text: string): boolean {
  return RegionInfo.regions.some(({ name }) => name === text);
}

export function isPartition(text: string): boolean {
  return RegionInfo.regions.some(({ partition }) => partition === text);
}

/** The partition of a Region; undefined for a Region that is newer than the installed aws-cdk-lib. */
export function partitionOf(region: string): string | undefined {
  return RegionInfo.regions.find(({ name }) => name === region)?.partition;
}

export const REGION_RULE = 'the installed aws-cdk-lib knows no such Region (one is like eu-central-1); upgrade aws-cdk-lib if the Region is new';
