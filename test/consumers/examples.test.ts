import * as fs from 'node:fs';
import * as path from 'node:path';
import { pathToFileURL } from 'node:url';
import { firstDifference } from './support/assembly';
import { Consumer } from './support/consumer';
import { pythonWith } from './support/languages';
import { onlyFile, packed } from './support/packages';
import { canUse } from './support/tools';
import { forgetVersion, MAVEN_REPOSITORY } from '../../scripts/packages/maven';
import { manifestOf } from '../../scripts/packages/pack';
import { PROJECT_ROOT } from '../local/rig/paths';

const EXAMPLES = [{ example: 'quickstart', stack: 'ModelStore' }, { example: 'egress-only', stack: 'EgressOnly' }] as const;
type Example = (typeof EXAMPLES)[number];

const folderOf = (...names: string[]) => path.join(PROJECT_ROOT, 'examples', ...names);

/** As users synthesise it, except that the CDK's report of the language is disabled. */
async function synthesised(consumer: Consumer, { stack }: Example): Promise<string> {
  const settings = JSON.parse(fs.readFileSync(path.join(consumer.folder, 'cdk.json'), 'utf8'));
  consumer.write('cdk.json', JSON.stringify({ ...settings, versionReporting: false }));
  await consumer.synthesise();
  return fs.readFileSync(path.join(consumer.folder, 'cdk.out', `${stack}.template.json`), 'utf8');
}

/** With the library as it is packed, which the others have too: the example's own import leads to the sources. */
async function inTypeScript(example: Example): Promise<string> {
  const consumer = new Consumer(folderOf(example.example));
  try {
    fs.symlinkSync(path.join(PROJECT_ROOT, 'node_modules'), path.join(consumer.folder, 'node_modules'));
    const sources = fs.readdirSync(consumer.folder).filter((name) => name.endsWith('.ts'));
    sources.forEach((name) => consumer.write(name, fs.readFileSync(path.join(consumer.folder, name), 'utf8').replaceAll("'../../src'", `'${PROJECT_ROOT}'`)));
    return await synthesised(consumer, example);
  } finally {
    consumer.remove();
  }
}

/** With the versions that consumers in Python are tested with; the example's own requirements are ranges around them. */
async function inPython(example: Example): Promise<string> {
  const wheel = onlyFile(await packed('python'), '.whl');
  const programs = path.dirname(await pythonWith(path.join(__dirname, 'python', 'requirements.txt'), wheel));
  const consumer = new Consumer(folderOf(example.example, 'python'), { PATH: `${programs}${path.delimiter}${process.env.PATH}` });
  try {
    return await synthesised(consumer, example);
  } finally {
    consumer.remove();
  }
}

/** The example names a release of Maven Central; here it gets the jar that was built, from a repository that has nothing else. */
async function inJava(example: Example): Promise<string> {
  const repository = await packed('java');
  const { version, jsii: { targets: { java } } } = manifestOf();
  await forgetVersion({ ...java.maven, version }, repository);
  const consumer = new Consumer(folderOf(example.example, 'java'));
  try {
    consumer.write('.mvn/maven.config', ['--settings', '.mvn/settings.xml', `-Dmaven.repo.local=${MAVEN_REPOSITORY}`, `-Dstore.version=${version}`].join('\n'));
    consumer.write('.mvn/settings.xml', `<settings><profiles><profile><id>packed</id><activation><activeByDefault>true</activeByDefault></activation>
      <repositories><repository><id>packed</id><url>${pathToFileURL(repository)}</url></repository></repositories></profile></profiles></settings>`);
    return await synthesised(consumer, example);
  } finally {
    consumer.remove();
  }
}

const OTHERS = ([['python', inPython], ['java', inJava]] as const).filter(([language]) => canUse(language));

test.each(EXAMPLES)('$example deploys the same bytes from Python and Java as from TypeScript', async (example) => {
  const [typescript, ...others] = await Promise.all([inTypeScript(example), ...OTHERS.map(async ([, synthesise]) => synthesise(example))]);

  expect(Object.keys(JSON.parse(typescript).Resources).length).toBeGreaterThan(50);
  expect(OTHERS.flatMap(([language], index) => firstDifference(typescript, others[index]) === undefined ? [] : [language])).toEqual([]);
}, 900_000);
