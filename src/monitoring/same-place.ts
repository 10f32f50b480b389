import { Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Whether two constructs are of one account and Region: metrics stay where what they are about is. */
export function isSamePlace(one: IConstruct, other: IConstruct): boolean {
  const [here, there] = [Stack.of(one), Stack.of(other)];
  return here.account === there.account && here.region === there.region;
}
