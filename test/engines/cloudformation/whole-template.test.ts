import { NOT_CREATED, NOT_KEPT } from './not-created';
import { deploy, isOfAws, synthesised, type Deployment, type ReadBack } from './support/deployment';
import { startEmulator, type Emulator } from './support/emulator';
import { proves } from '../../fidelity/proves';
import { ownResourceTypes } from '../../local/rig/cloud-assembly';
import { ensurePython } from '../../local/rig/python';
import { VARIANTS, withEverything } from '../../store/variants';

const STORES = { 'with defaults': VARIANTS['with defaults'], 'with every optional part': withEverything };

let emulator: Emulator;
const deployments: { [store: string]: Deployment } = {};

beforeAll(async () => {
  emulator = await startEmulator();
  for (const [index, [name, props]] of Object.entries(STORES).entries()) {
    deployments[name] = await deploy(emulator, `Store${index}`, synthesised(`Store${index}`, props));
  }
}, 1_800_000);
afterAll(async () => emulator?.stop());

const all = () => Object.values(deployments).flatMap(({ resources }) => resources);
const ofType = (type: string, store = 'with defaults'): readonly ReadBack[] =>
  deployments[store].resources.filter((resource) => resource.type === type);
const isBelow = (path: string, property: string) => path === property || path.startsWith(`${property}.`);

describe.each(Object.keys(STORES))('a store %s, created by moto', (store) => {
  test('is created completely, except resources that no emulator supports', () => {
    const { status, leftOut } = deployments[store];

    expect(status).toBe('CREATE_COMPLETE');
    expect(leftOut.filter((type) => isOfAws(type) && !NOT_CREATED.some((entry) => entry.type === type))).toEqual([]);
  });

  test('has all settings of the template when its services are queried', () => {
    const { resources, template, leftOut } = deployments[store];
    const differing = resources.flatMap(({ logicalId, type, differences }) => differences
      .filter(({ path }) => !NOT_KEPT.some((entry) => entry.type === type && isBelow(path, entry.property)))
      .map(({ path, expected, found }) => `${logicalId} (${type}): ${path} is ${JSON.stringify(found)}, not ${JSON.stringify(expected)}`));

    expect(differing).toEqual([]);
    expect(resources).toHaveLength(Object.values(template.Resources).filter(({ Type: type }) => isOfAws(type) && !leftOut.includes(type)).length);
    proves(emulator.engine, 'cloudformation.creates-default-store');
  });
});

describe('resources that the emulators skip', () => {
  test('are all listed, for every variant', () => {
    const types = new Set(Object.values(VARIANTS).flatMap((props) =>
      Object.values(synthesised('Variant', props).Resources).map(({ Type: type }) => type)));
    const created = new Set(all().map(({ type }) => type));

    const missing = [...types].filter((type) => isOfAws(type) && !created.has(type)).sort();
    expect(missing).toEqual(NOT_CREATED.map(({ type }) => type).sort());
  });

  test('are supported by neither emulator: a type that can be created must be removed from the list', async () => {
    const local = await ownResourceTypes((await ensurePython(() => undefined)).python);

    expect(NOT_CREATED.filter(({ type }) => local.has(type))).toEqual([]);
    expect(NOT_CREATED.filter(({ type }) => !Object.values(deployments).some(({ leftOut }) => leftOut.includes(type)))).toEqual([]);
  });

  test('are still not stored: a property that moto stores must be removed from the list', () => {
    const kept = NOT_KEPT.filter((entry) =>
      !all().some(({ type, differences }) => type === entry.type && differences.some(({ path }) => isBelow(path, entry.property))));

    expect(kept).toEqual([]);
  });
});

test('the trail logs data events for the models, and writes to the log archive and the log group', () => {
  const [trail] = ofType('AWS::CloudTrail::Trail').map(({ properties }) => properties);

  expect(trail).toMatchObject({ IsLogging: true, EnableLogFileValidation: true, IsMultiRegionTrail: true });
  expect(trail.AdvancedEventSelectors.map(({ Name: name }: { Name: string }) => name))
    .toEqual(expect.arrayContaining(['Reads and writes of model artifacts', 'Reads of the log archive']));
  proves(emulator.engine, 'cloudtrail.event-selectors');
});

test('every named query is in the workgroup with its complete text', () => {
  const queries = ofType('AWS::Athena::NamedQuery');

  expect(queries.length).toBeGreaterThan(25);
  for (const { properties } of queries) {
    expect(properties.QueryString).toMatch(/^-- .+\?\n/);
    expect(properties.WorkGroup).toBe(ofType('AWS::Athena::WorkGroup')[0].properties.Name);
  }
  proves(emulator.engine, 'athena.named-queries.stored');
});

test('alarms on metric math and Contributor Insights, their rules, and metric filters are accepted unchanged', () => {
  const alarms = ofType('AWS::CloudWatch::Alarm').map(({ properties }) => JSON.stringify(properties.Metrics ?? []));

  expect(alarms.filter((metrics) => metrics.includes('INSIGHT_RULE_METRIC'))).toHaveLength(2);
  expect(ofType('AWS::CloudWatch::InsightRule')).toHaveLength(2);
  expect(ofType('AWS::Logs::MetricFilter').length).toBeGreaterThan(40);
  proves(emulator.engine, 'cloudwatch.metric-math-alarms', 'cloudwatch.insight-rules', 'logs.metric-filters-accepted');
});

