import * as fs from 'node:fs';
import * as path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Consumer } from './consumer';
import { onlyFile, packed } from './packages';
import { forgetVersion, MAVEN_REPOSITORY } from '../../../scripts/packages/maven';
import { GO_ENVIRONMENT, manifestOf } from '../../../scripts/packages/pack';
import { pythonWith } from '../../../scripts/packages/python';

export { pythonWith };

/** A consumer in TypeScript that has installed the tarball, and compiled. */
export async function typescriptConsumer(sources: string): Promise<Consumer> {
  const tarball = onlyFile(await packed('js'), '.tgz');
  const consumer = new Consumer(sources);
  await consumer.run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', '--no-package-lock', tarball]);
  await consumer.run('npm', ['run', 'build']);
  return consumer;
}

/** A consumer in Python that has installed the wheel into a virtual environment, with what its `requirements.txt` names. */
export async function pythonConsumer(sources: string): Promise<Consumer> {
  const wheel = onlyFile(await packed('python'), '.whl');
  const programs = path.dirname(await pythonWith(path.join(sources, 'requirements.txt'), wheel));
  return new Consumer(sources, { PATH: `${programs}${path.delimiter}${process.env.PATH}` });
}

/** A consumer in Java that Maven has built against the jar, from a repository that has nothing else. */
export async function javaConsumer(sources: string): Promise<Consumer> {
  const repository = await packed('java');
  const { version, jsii: { targets: { java } } } = manifestOf();
  await forgetVersion({ ...java.maven, version }, repository);
  const consumer = new Consumer(sources);
  consumer.write('.mvn/maven.config', [
    `-Dmaven.repo.local=${MAVEN_REPOSITORY}`, `-Dstore.repository=${pathToFileURL(repository)}`, `-Dstore.version=${version}`,
  ].join('\n'));
  await consumer.run('mvn', ['--quiet', '--batch-mode', 'compile']);
  return consumer;
}

/**
 * A consumer in Go, built against the module. What the module depends on is compiled from the code that jsii generates of the
 * installed versions, like the module itself; the CDK's module comes from the module proxy.
 */
export async function goConsumer(sources: string): Promise<Consumer> {
  const modules = await packed('go');
  const consumer = new Consumer(sources, GO_ENVIRONMENT);
  const replacements = fs.readdirSync(modules).map((name) => {
    const folder = path.join(modules, name);
    const [, moduleName] = /^module (\S+)$/m.exec(fs.readFileSync(path.join(folder, 'go.mod'), 'utf8'))!;
    return `-replace=${moduleName}=${folder}`;
  });
  await consumer.run('go', ['mod', 'edit', ...replacements]);
  await consumer.run('go', ['mod', 'tidy']);
  await consumer.run('go', ['build', '-o', 'model-platform', '.']);
  return consumer;
}
