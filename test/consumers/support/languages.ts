import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Consumer } from './consumer';
import { CACHE, onlyFile, packed } from './packages';
import { forgetVersion, MAVEN_REPOSITORY } from '../../../scripts/packages/maven';
import { GO_ENVIRONMENT, manifestOf } from '../../../scripts/packages/pack';
import { withLock } from '../../local/rig/lock';
import { findPython } from '../../local/rig/python';
import { runCommand } from '../../local/rig/run-command';

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

/** The Python of a virtual environment, kept while the requirements are the same: the CDK is large. */
export async function pythonWith(requirements: string, wheel?: string): Promise<string> {
  const { command, version } = await findPython('the consumer in Python');
  const name = crypto.createHash('sha256').update(version).update(fs.readFileSync(requirements)).digest('hex').slice(0, 16);
  const environment = path.join(CACHE, 'python', name);
  const python = path.join(environment, 'bin', 'python');
  const install = (...what: string[]) => runCommand(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...what]);
  await withLock(`${environment}.lock`, async () => {
    const marker = path.join(environment, 'installed');
    if (!fs.existsSync(marker)) {
      fs.rmSync(environment, { recursive: true, force: true });
      await runCommand(command, ['-m', 'venv', environment]);
      await install('--requirement', requirements);
    }
    if (wheel !== undefined && (!fs.existsSync(marker) || fs.readFileSync(marker, 'utf8') !== wheel)) {
      await install('--force-reinstall', '--no-deps', wheel);
    }
    fs.writeFileSync(marker, wheel ?? '');
  });
  return python;
}

/** A consumer in Java that Maven has built against the jar, from a repository that has nothing else. */
export async function javaConsumer(sources: string): Promise<Consumer> {
  const repository = await packed('java');
  const { version, jsii: { targets: { java } } } = manifestOf();
  await forgetVersion({ ...java.maven, version });
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
