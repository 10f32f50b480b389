import { CONFIGURATIONS, templateOf, type Template } from './support/configurations';
import { LASTING, REPLACEABLE } from './support/lasting-resources';
import { lastRelease } from './support/recorded-release';
import { upgradeLosses } from './support/upgrade-losses';

const released = lastRelease();
const now: Record<string, Template> = {};
beforeAll(() => {
  for (const name of Object.keys(CONFIGURATIONS)) {
    now[name] = templateOf(name);
  }
});

const lastingIds = ({ Resources }: Template) => Object.entries(Resources)
  .filter(([, { Type }]) => Object.hasOwn(LASTING, Type)).map(([id, { Type }]) => `${Type} ${id}`).sort();

test('every configuration that the last release recorded is compared', () => {
  expect(Object.keys(CONFIGURATIONS)).toEqual(expect.arrayContaining(Object.keys(released.templates)));
  expect(released.templates).toHaveProperty('default');
});

describe.each(Object.keys(released.templates))('an upgrade of a store from the last release: %s', (name) => {
  test('loses nothing', () => {
    expect(upgradeLosses(released.templates[name], now[name])).toEqual([]);
  });

  test('keeps the logical ID of every stateful resource', () => {
    expect(lastingIds(now[name])).toEqual(expect.arrayContaining(lastingIds(released.templates[name])));
  });
});

// `cdk init` enables them for new apps; older apps can enable them later.
test.each(
  Object.keys(CONFIGURATIONS),
)('an app that enables the recommended CDK feature flags loses nothing: %s', (name) => {
  const recommended = jest.requireActual<Record<string, unknown>>('aws-cdk-lib/recommended-feature-flags.json');
  expect(Object.keys(recommended).length).toBeGreaterThan(50);
  expect(upgradeLosses(now[name], templateOf(name, recommended))).toEqual([]);
});

test.each(Object.keys(CONFIGURATIONS))('each resource type is listed as stateful or replaceable: %s', (name) => {
  const types = [...new Set(Object.values(now[name].Resources).map(({ Type }) => Type))];
  expect(types.filter((type) => !Object.hasOwn(LASTING, type) && !REPLACEABLE.has(type))).toEqual([]);
});

test('no type is listed as both stateful and replaceable, or without existing in a store', () => {
  const types = new Set(Object.values(now).flatMap(({ Resources }) => Object.values(Resources).map(({ Type }) => Type)));
  expect([...Object.keys(LASTING), ...REPLACEABLE].filter((type) => !types.has(type))).toEqual([]);
  expect(Object.keys(LASTING).filter((type) => REPLACEABLE.has(type))).toEqual([]);
});

test('stateful resources outlive the stack', () => {
  const holdingData = ['AWS::S3::Bucket', 'AWS::KMS::Key', 'AWS::Logs::LogGroup', 'AWS::Cognito::UserPool'];
  for (const [name, { Resources }] of Object.entries(now)) {
    const lost = Object.entries(Resources)
      .filter(([, { Type, DeletionPolicy, UpdateReplacePolicy }]) => holdingData.includes(Type)
        && !(DeletionPolicy === 'Retain' && UpdateReplacePolicy === 'Retain'))
      .map(([id]) => id);
    expect([name, lost]).toEqual([name, []]);
  }
});
