import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import { LogArchive, SecureModelArtifactStore, type SecureModelArtifactStoreProps } from '../../src';

const PARTITIONS = [...new Set(RegionInfo.regions.map(({ partition }) => partition!))];
const SUFFIXES = [...new Set(RegionInfo.regions.map(({ domainSuffix }) => domainSuffix!))];
const ACCOUNT = '111122223333';

/** Service names in CloudTrail, IAM and EventBridge, which are the same in every partition. */
const UNIVERSAL = /\b(?:[a-z0-9-]+\.)?[a-z0-9-]+\.amazonaws\.com(?![a-z.])/g;

function templateIn(region: string, props: SecureModelArtifactStoreProps = {}): string {
  const stack = new Stack(new App(), 'Store', { env: { account: ACCOUNT, region } });
  const store = new SecureModelArtifactStore(stack, 'Models', props);
  store.grantDirectRead(new iam.Role(stack, 'Job', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') }), ['fraud-*']);
  return JSON.stringify(Template.fromStack(stack).toJSON());
}

/** One Region of each partition, as a store takes a second or two to synthesize. */
const ONE_OF_EACH = PARTITIONS.map((partition) => RegionInfo.regions.find((region) => region.partition === partition)!.name);

test('the CDK knows partitions beyond the commercial one, including sovereign and isolated clouds', () => {
  expect(PARTITIONS).toEqual(expect.arrayContaining(['aws', 'aws-cn', 'aws-us-gov', 'aws-eusc', 'aws-iso', 'aws-iso-b', 'aws-iso-e', 'aws-iso-f']));
});

describe.each(ONE_OF_EACH)('the default store in %s', (region) => {
  const { partition, domainSuffix } = RegionInfo.get(region);
  const text = templateIn(region);

  test('has only ARNs of its partition', () => {
    const named = new Set([...text.matchAll(/\barn:(aws[a-z-]*):/g)].map(([, found]) => found));
    expect([...named].filter((found) => found !== partition)).toEqual([]);
  });

  test('has only host names of its partition', () => {
    const rest = text.replace(UNIVERSAL, '');
    for (const suffix of SUFFIXES.filter((other) => other !== domainSuffix && !domainSuffix!.startsWith(other))) {
      expect([...rest.matchAll(new RegExp(`[\\w.-]*\\.${suffix.replaceAll('.', '\\.')}\\b`, 'g'))].map(([found]) => found)).toEqual([]);
    }
  });

  test('has no service principal or regional endpoint with the suffix of another partition', () => {
    const regional = [...text.matchAll(new RegExp(`[a-z0-9-]+\\.${region}\\.[a-z.]+`, 'g'))].map(([found]) => found);
    expect(regional.filter((host) => !host.endsWith(domainSuffix!))).toEqual([]);
  });
});

test.each(RegionInfo.regions.map(({ name }) => name))('a trail and its queries in %s are accepted', (region) => {
  const stack = new Stack(new App(), 'Store', { env: { account: ACCOUNT, region } });
  expect(() => new LogArchive(stack, 'Archive', { trails: [{ trailName: 'models', region }] })).not.toThrow();
});

test('a Region that the installed CDK does not know is accepted for the trail of the stack', () => {
  expect(() => templateIn('xx-future-9', { monitoring: { enabled: false } })).not.toThrow();
});

test.each([['eu-cental-1'], ['EU'], ['*']])('the Region %s does not exist', (region) => {
  const stack = new Stack(new App(), 'Store');
  expect(() => new LogArchive(stack, 'Archive', { trails: [{ trailName: 'models', region }] })).toThrow(
    `trails[0].region is "${region}"; the installed aws-cdk-lib does not know this Region`);
});

describe('an administrator from another partition', () => {
  const store = (region: string, arn: string) => () =>
    new SecureModelArtifactStore(new Stack(new App(), 'Store', { env: { account: ACCOUNT, region } }), 'Models', { access: { administrators: [new iam.ArnPrincipal(arn)] } });

  test('could never delete anything, and is rejected', () => {
    expect(store('cn-north-1', 'arn:aws:iam::111122223333:role/admin')).toThrow(
      '  - access.administrators[0] is "arn:aws:iam::111122223333:role/admin", in the partition "aws"; '
        + 'Region cn-north-1 is in the partition "aws-cn": use arn:aws-cn:…');
    expect(store('eu-central-1', 'arn:amazon:iam::111122223333:role/admin')).toThrow('is in the partition "aws"');
  });

  test('is an existing one', () => {
    for (const { name, partition } of RegionInfo.regions) {
      const stack = new Stack(new App(), 'Store', { env: { account: ACCOUNT, region: name } });
      expect(() => new LogArchive(stack, 'Archive', { administrators: [new iam.ArnPrincipal(`arn:${partition}:iam::111122223333:role/admin`)] })).not.toThrow();
    }
  });
});
