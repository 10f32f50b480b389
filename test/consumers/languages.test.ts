import * as fs from 'node:fs';
import * as path from 'node:path';
import { deployable, firstDifference } from './support/assembly';
import type { Consumer } from './support/consumer';
import { goConsumer, javaConsumer, pythonConsumer, typescriptConsumer } from './support/languages';
import { canUse } from './support/tools';

const OTHERS = [
  { name: 'Python', language: 'python', prepare: pythonConsumer },
  { name: 'Java', language: 'java', prepare: javaConsumer },
  { name: 'Go', language: 'go', prepare: goConsumer },
] as const;
const used = OTHERS.filter(({ language }) => canUse(language));

const sources = (folder: string) => path.join(__dirname, folder);
const synthesised = new Map<string, Map<string, string>>();
const snapshots = new Map<string, unknown>();

async function synthesise(language: string, prepare: (sources: string) => Promise<Consumer>): Promise<void> {
  const consumer = await prepare(sources(language));
  try {
    await consumer.synthesise();
    synthesised.set(language, deployable(consumer.folder));
    const snapshot = fs.readFileSync(path.join(consumer.folder, 'snapshots.out', 'Snapshot.template.json'), 'utf8');
    snapshots.set(language, (JSON.parse(snapshot) as { Metadata: unknown }).Metadata);
  } finally {
    consumer.remove();
  }
}

beforeAll(async () => {
  await Promise.all([synthesise('typescript', typescriptConsumer), ...used.map(({ language, prepare }) => synthesise(language, prepare))]);
}, 900_000);

describe('a consumer in TypeScript', () => {
  const files = () => synthesised.get('typescript')!;
  const templateOf = (name: string) => files().get(name)!;

  test('deploys a default store, a configured one, components of one, and one checked by rule packs', () => {
    expect([...files().keys()].filter((name) => name.endsWith('.template.json'))).toEqual([
      'cdk.out/Default.template.json', 'cdk.out/Furnished.template.json', 'cdk.out/Parts.template.json', 'checked.out/Checked.template.json',
    ]);
    const types = Object.values(JSON.parse(templateOf('cdk.out/Default.template.json')).Resources).map(({ Type }: any) => Type as string);
    expect(types.filter((type) => type === 'AWS::Lambda::Function')).toHaveLength(4);
  });

  test('includes the functions, with the expected hashes', () => {
    const assets = [...files().keys()].filter((name) => name.startsWith('cdk.out/asset.'));
    expect(assets).toHaveLength(4);
    expect(assets.filter((name) => !/^cdk\.out\/asset\.[0-9a-f]{64}$/.test(name))).toEqual([]);
  });

  test('supports callbacks from validations and aspects, and runs rule packs', () => {
    const furnished = JSON.parse(templateOf('cdk.out/Furnished.template.json')).Resources as Record<string, { Type: string; Properties: any }>;
    const ofType = (type: string) => Object.values(furnished).filter(({ Type }) => Type === type);
    const targets = ofType('AWS::Events::Rule').flatMap(({ Properties }) => Properties.Targets ?? []);
    expect(targets.filter(({ RetryPolicy }) => RetryPolicy?.MaximumRetryAttempts === 8)).toHaveLength(2);
    expect(ofType('AWS::Lambda::Function').map(({ Properties }) => Properties.RuntimeManagementConfig))
      .toEqual(Array(4).fill({ UpdateRuntimeOn: 'FunctionUpdate' }));
    expect(templateOf('checked.out/Checked.template.json')).toContain('"cdk_nag"');
  });

  test('gets its template for a snapshot, without asset hashes', () => {
    const withoutHashes = templateOf('cdk.out/Default.template.json').replace(/[0-9a-f]{64}(?=\.zip"|")/g, '<asset>');
    expect(snapshots.get('typescript')).toEqual(JSON.parse(withoutHashes));
    expect(withoutHashes).toContain('"S3Key": "<asset>.zip"');
  });
});

describe.each(OTHERS)('a consumer in $name', ({ language }) => {
  const test = used.some((other) => other.language === language) ? globalThis.test : globalThis.test.skip;

  test('deploys the same template as one in TypeScript, byte for byte, including asset names', () => {
    const [typescript, other] = [synthesised.get('typescript')!, synthesised.get(language)!];
    expect([...other.keys()]).toEqual([...typescript.keys()]);
    const differences = [...typescript].map(([name, content]) => [name, firstDifference(content, other.get(name)!)])
      .filter(([, difference]) => difference !== undefined);
    expect(differences).toEqual([]);
  });

  test('gets the same snapshot as one in TypeScript', () => {
    expect(snapshots.get(language)).toEqual(snapshots.get('typescript'));
  });
});
