import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { ACCEPTED_FINDINGS } from './accepted-findings';
import { ensureEmulator, versionOf } from './support/python';
import { SecureModelArtifactStore } from '../../../src';
import { EXAMPLES } from '../../examples/support/examples';
import { proves } from '../../fidelity/proves';
import { tryCommand } from '../../local/rig/run-command';
import { VARIANTS } from '../../store/variants';

/** A Region of each partition whose resource schemas cfn-lint has. */
const REGIONS = ['eu-central-1', 'us-east-1', 'cn-north-1', 'us-gov-west-1', 'us-iso-east-1', 'eusc-de-east-1'];

interface Finding {
  readonly Filename: string;
  readonly Location: { readonly Path: readonly (string | number)[] };
  readonly Message: string;
  readonly Rule: { readonly Id: string };
}

let python: string;
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'lint-'));
beforeAll(async () => {
  ({ python } = await ensureEmulator());
}, 1_800_000);
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

/** The templates of an app, as files named after their stacks. */
function write(name: string, app: App): string[] {
  return app.synth().stacks.map(({ stackName, template }) => {
    const file = path.join(folder, `${`${name} ${stackName}`.replaceAll(/[^\w.-]+/g, '-')}.json`);
    fs.writeFileSync(file, JSON.stringify(template));
    return file;
  });
}

function storeIn(region: string): App {
  const app = new App();
  new SecureModelArtifactStore(new Stack(app, 'Models', { env: { account: '111122223333', region } }), 'Models');
  return app;
}

async function lint(files: readonly string[], region: string): Promise<Finding[]> {
  const program = path.join(path.dirname(python), 'cfn-lint');
  const { stdout, stderr } = await tryCommand(program, ['--format', 'json', '--regions', region, '--', ...files]);
  if (stderr !== '') {
    throw new Error(`cfn-lint could not look at the templates: ${stderr.slice(-2_000)}`);
  }
  return stdout.trim() === '' ? [] : JSON.parse(stdout) as Finding[];
}

const isAccepted = ({ Rule: { Id: id }, Message: message }: Finding) =>
  ACCEPTED_FINDINGS.some((accepted) => accepted.rule === id && accepted.message.test(message));
const unexplained = (findings: readonly Finding[]) => findings.filter((finding) => !isAccepted(finding))
  .map(({ Filename: file, Rule: { Id: id }, Message: message, Location: { Path: at } }) => `${path.basename(file)}: ${id} ${message} (${at.join('/')})`);

test('cfn-lint has no unexplained finding in any variant of the store', async () => {
  const files = Object.entries(VARIANTS).flatMap(([name, props]) => {
    const app = new App();
    const stack = new Stack(app, 'Models');
    new SecureModelArtifactStore(stack, 'Models', props(stack));
    return write(name, app);
  });

  const findings = await lint(files, 'eu-central-1');

  expect(unexplained(findings)).toEqual([]);
  expect(ACCEPTED_FINDINGS.filter(({ rule, message }) => !findings.some((finding) => finding.Rule.Id === rule && message.test(finding.Message))))
    .toEqual([]);
  proves({ name: 'cfn-lint with AWS\'s resource schemas', version: await versionOf(python, 'cfn-lint') }, 'cloudformation.schemas');
}, 1_800_000);

test('cfn-lint has no unexplained finding in any example', async () => {
  const files = EXAMPLES.flatMap(({ folder: name, build, context }) => {
    const app = new App({ context });
    build(app);
    return write(name, app);
  });

  expect(unexplained(await lint(files, 'eu-central-1'))).toEqual([]);
}, 1_800_000);

test.each(REGIONS)('cfn-lint has no unexplained finding in the default store in %s', async (region) => {
  expect(unexplained(await lint(write(region, storeIn(region)), region))).toEqual([]);
}, 1_800_000);

test('cfn-lint detects a value that a resource schema forbids', async () => {
  const file = path.join(folder, 'planted.json');
  fs.writeFileSync(file, JSON.stringify({ Resources: { Query: { Type: 'AWS::Athena::NamedQuery', Properties: { QueryString: 'SELECT 1' } } } }));

  const findings = await lint([file], 'eu-central-1');

  expect(findings.map(({ Message: message }) => message)).toEqual([expect.stringContaining('\'Database\' is a required property')]);
});
