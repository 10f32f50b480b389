import { Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Whether two constructs are in the same account and Region. Metrics exist only where their resource is. */
export function isSamePlace(one: IConstruct, other: IConstruct): boolean {
  const [here, there] = [Stack.of(one), Stack.of(other)];
  return here.account === there.account && here.region === there.region;
}
