import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { withLock } from '../../test/local/rig/lock';
import { runCommand } from '../../test/local/rig/run-command';

/** Maven's default local repository, so that artifacts are downloaded only once per machine. */
export const MAVEN_REPOSITORY = path.join(os.homedir(), '.m2', 'repository');

const DEPENDENCY_PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1';
const INSTALL_PLUGIN = 'org.apache.maven.plugins:maven-install-plugin:3.1.3';

export interface Artifact {
  readonly groupId: string;
  readonly artifactId: string;
  readonly version: string;
}

export function maven(args: readonly string[], cwd?: string) {
  return runCommand('mvn', ['--quiet', '--batch-mode', `-Dmaven.repo.local=${MAVEN_REPOSITORY}`, ...args], { cwd });
}

/** Runs `work` while holding a lock on the local repository. */
export function withMavenRepository<T>(work: () => Promise<T>): Promise<T> {
  return withLock(path.join(os.homedir(), '.m2', 'secure-model-artifact-store.lock'), work);
}

/**
 * Installs a version into the local repository, so that Maven can resolve the version ranges that jsii writes. Maven
 * resolves a range with the list of versions, and Maven Central's list for cdk-nag lags behind the published versions.
 */
export async function knowVersion({ groupId, artifactId, version }: Artifact): Promise<void> {
  const folder = path.join(MAVEN_REPOSITORY, ...groupId.split('.'), artifactId);
  const list = path.join(folder, 'maven-metadata-local.xml');
  const isKnown = () => fs.existsSync(path.join(folder, version, `${artifactId}-${version}.jar`))
    && fs.existsSync(list) && fs.readFileSync(list, 'utf8').includes(`<version>${version}</version>`);
  if (isKnown()) {
    return;
  }
  await withMavenRepository(async () => {
    if (isKnown()) {
      return;
    }
    const copies = fs.mkdtempSync(path.join(os.tmpdir(), 'maven-'));
    try {
      for (const type of ['pom', 'jar']) {
        await maven([
          `${DEPENDENCY_PLUGIN}:copy`,
          `-Dartifact=${groupId}:${artifactId}:${version}:${type}`,
          `-DoutputDirectory=${copies}`,
        ]);
      }
      const file = (type: string) => path.join(copies, `${artifactId}-${version}.${type}`);
      await maven([`${INSTALL_PLUGIN}:install-file`, `-Dfile=${file('jar')}`, `-DpomFile=${file('pom')}`]);
    } finally {
      fs.rmSync(copies, { recursive: true, force: true });
    }
  });
}

/**
 * Removes a version from the local repository if it differs from the given repository, so that a package that was
 * rebuilt under the same version is used. An identical version is kept, because another process may be using it.
 */
export async function forgetVersion({ groupId, artifactId, version }: Artifact, repository: string): Promise<void> {
  const folder = path.join(...groupId.split('.'), artifactId, version);
  const jarIn = (root: string) => path.join(root, folder, `${artifactId}-${version}.jar`);
  await withMavenRepository(async () => {
    const known = jarIn(MAVEN_REPOSITORY);
    if (!fs.existsSync(known) || !fs.readFileSync(known).equals(fs.readFileSync(jarIn(repository)))) {
      fs.rmSync(path.join(MAVEN_REPOSITORY, folder), { recursive: true, force: true });
    }
  });
}
