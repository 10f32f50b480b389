import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { withLock } from '../../test/local/rig/lock';
import { runCommand } from '../../test/local/rig/run-command';

/** Maven's own, so that what a machine has once fetched is not fetched again. */
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

/** While nobody else on this machine changes the local repository by hand. */
export function withMavenRepository<T>(work: () => Promise<T>): Promise<T> {
  return withLock(path.join(os.homedir(), '.m2', 'secure-model-artifact-store.lock'), work);
}

/**
 * Makes a version known to Maven's ranges, which jsii writes: Maven looks for what matches a range in the list of versions,
 * and Maven Central's list of cdk-nag lags behind the versions that it has. A version that is installed locally is in the
 * local list.
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
        await maven([`${DEPENDENCY_PLUGIN}:copy`, `-Dartifact=${groupId}:${artifactId}:${version}:${type}`, `-DoutputDirectory=${copies}`]);
      }
      const file = (type: string) => path.join(copies, `${artifactId}-${version}.${type}`);
      await maven([`${INSTALL_PLUGIN}:install-file`, `-Dfile=${file('jar')}`, `-DpomFile=${file('pom')}`]);
    } finally {
      fs.rmSync(copies, { recursive: true, force: true });
    }
  });
}

/**
 * So that what is packed anew under a version is taken from the repository that it was packed into, and not from what was
 * packed before. What is the same stays, because somebody may be using it.
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
