import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { appOf } from './support/assemblies';
import { EXAMPLES } from './support/examples';
import { idleCost } from './support/idle-cost';
import { unacknowledgedFindings } from '../support/findings';

const ROOT = path.join(__dirname, '../..');
const FOLDER = path.join(ROOT, 'examples');
const FOLDERS = EXAMPLES.map(({ folder }) => folder);

const read = (...file: string[]) => fs.readFileSync(path.join(FOLDER, ...file), 'utf8');
/** Ignores the indentation, which can differ in documents. */
const lines = (code: string) => code.split('\n').map((line) => line.trim()).filter((line) => line !== '').join('\n');

test('every example folder is tested', () => {
  const folders = fs.readdirSync(FOLDER, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name);

  expect([...FOLDERS].sort()).toEqual(folders.sort());
});

test('the table of examples is complete', () => {
  const table = read('README.md');

  expect(FOLDERS.filter((folder) => !table.includes(`](${folder}/)`))).toEqual([]);
});

test('files that are duplicated so that each example can be copied separately are identical', () => {
  const sources = FOLDERS.flatMap((folder) => fs.readdirSync(path.join(FOLDER, folder))
    .filter((name) => name.endsWith('.ts') && name !== 'app.ts').map((name) => ({ folder, name })));
  const inSeveral = sources.filter(({ folder, name }) => sources.some((other) => other.name === name && other.folder !== folder));

  expect(inSeveral).not.toEqual([]);
  for (const { folder, name } of inSeveral) {
    expect([folder, read(folder, name)]).toEqual([folder, read(inSeveral.find((other) => other.name === name)!.folder, name)]);
  }
});

describe('with `cdk synth`', () => {
  const output = fs.mkdtempSync(path.join(os.tmpdir(), 'examples-'));
  const stacks = (folder: string) => JSON.parse(fs.readFileSync(path.join(output, folder, 'manifest.json'), 'utf8')).artifacts as Record<string, { type: string }>;

  beforeAll(() => {
    // The rule packs run below; the example that runs them itself would run them twice here.
    execFileSync(process.execPath, [path.join(ROOT, 'node_modules/tsx/dist/cli.mjs'), path.join(__dirname, 'support/run-apps.ts'), output, ...FOLDERS], {
      env: { ...process.env, CDK_VALIDATION: 'false', CDK_CONTEXT_JSON: JSON.stringify(Object.assign({}, ...EXAMPLES.map(({ context }) => context))) }, stdio: ['ignore', 'pipe', 'pipe'],
    });
  });
  afterAll(() => fs.rmSync(output, { recursive: true, force: true }));

  test.each(FOLDERS)('%s deploys the stack that is tested here', (folder) => {
    const names = Object.entries(stacks(folder)).filter(([, { type }]) => type === 'aws:cloudformation:stack').map(([name]) => name).sort();

    const assembly = appOf(folder).synth();
    expect(names).toEqual(assembly.stacks.map(({ stackName }) => stackName).sort());
    for (const stack of assembly.stacks) {
      const { Resources } = JSON.parse(fs.readFileSync(path.join(output, folder, stack.templateFile), 'utf8'));
      expect(Object.keys(Resources).filter((id) => id !== 'CDKMetadata').sort()).toEqual(Object.keys(stack.template.Resources).sort());
    }
  });
});

test.each(FOLDERS)('no rule pack has an unacknowledged finding in %s', (folder) => {
  expect(appOf(folder).node.children.flatMap((stack) => unacknowledgedFindings(stack))).toEqual([]);
});

test.each(FOLDERS)('CloudWatch Logs can use each key for logs in %s, which no rule pack checks', (folder) => {
  for (const { template } of appOf(folder).synth().stacks) {
    const resources = Object.values<any>(template.Resources);
    const keys = resources.filter(({ Type }) => Type === 'AWS::Logs::LogGroup').map(({ Properties }) => Properties.KmsKeyId['Fn::GetAtt'][0] as string);
    for (const key of new Set(keys)) {
      expect(JSON.stringify(template.Resources[key].Properties.KeyPolicy)).toMatch(/"logs\.|"Service":\{"Fn::Join":\["",\["logs\./);
    }
  }
});

describe.each(FOLDERS)('the README of %s', (folder) => {
  const readme = () => read(folder, 'README.md');

  test('has a diagram of what it creates', () => {
    expect(readme()).toMatch(/^```mermaid\nflowchart /m);
  });

  test('says what it is for, what it creates, how to deploy it, how to try it and what it costs', () => {
    const headings = [...readme().matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);

    expect(headings).toEqual(expect.arrayContaining(['What it creates', 'Deploy', 'Try it', 'Cost']));
    expect(readme()).toContain('npx cdk deploy');
  });

  test('gives the idle cost', () => {
    const documented = [...readme().matchAll(/about \$([\d,]+) a month/g)].map(([, dollars]) => Number(dollars));
    const costs = appOf(folder).synth().stacks.map(({ template }) => idleCost(Template.fromJSON(template)));
    const together = folder === 'deployment-pipeline' ? costs : [costs.reduce((all, cost) => all + cost, 0)];

    expect(documented.slice(0, together.length)).toEqual(together.map(Math.round));
  });

  test('contains the code that is deployed', () => {
    const sources = fs.readdirSync(path.join(FOLDER, folder)).filter((name) => name.endsWith('.ts')).map((name) => lines(read(folder, name)));
    const blocks = [...readme().matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, block]) => lines(block));

    expect(blocks).not.toEqual([]);
    expect(blocks.filter((block) => !sources.some((source) => source.includes(block)))).toEqual([]);
  });
});
