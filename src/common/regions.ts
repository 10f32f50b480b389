import { RegionInfo } from 'aws-cdk-lib/region-info';

/** Regions and partitions that the installed aws-cdk-lib knows. New Regions need a newer aws-cdk-lib. */

export function isRegion(text: string): boolean {
  return RegionInfo.regions.some(({ name }) => name === text);
}

export function isPartition(text: string): boolean {
  return RegionInfo.regions.some(({ partition }) => partition === text);
}

/** Returns the partition of a Region, or undefined for a Region that the installed aws-cdk-lib does not know. */
export function partitionOf(region: string): string | undefined {
  return RegionInfo.regions.find(({ name }) => name === region)?.partition;
}

export const REGION_RULE = 'the installed aws-cdk-lib does not know this Region (an example is eu-central-1); upgrade '
  + 'aws-cdk-lib if the Region is new';
