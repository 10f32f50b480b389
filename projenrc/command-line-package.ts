import * as fs from 'node:fs';
import * as path from 'node:path';
import { awscdk, JsonFile, TextFile } from 'projen';

/** A version with binaries for every platform, all of which must be in the lock file. */
const DUCKDB = '1.5.5-r.5';

const FOLDER = 'cli';
const NO_RELEASE = '0.0.0';

/**
 * The `model-store` command is published as a separate package. esbuild bundles its imports, so that it installs
 * without dependencies and starts quickly. Its imports are therefore devDependencies here.
 */
export function commandLinePackage(project: awscdk.AwsCdkConstructLibrary): void {
  project.addDevDeps(
    '@aws-sdk/client-athena',
    '@aws-sdk/client-cloudtrail',
    '@aws-sdk/core',
    '@aws-sdk/credential-providers',
    '@smithy/core',
    '@smithy/protocol-http',
    '@smithy/signature-v4',
    '@smithy/types',
    '@aws-crypto/sha256-js',
    `@duckdb/node-api@${DUCKDB}`,
    '@types/cli-progress',
    'cli-progress@^3',
    'commander@^14',
    'openid-client@^6',
    '@bomb.sh/tab@0.0.22',
    // Version 13 needs Node 22.
    '@secretlint/secretlint-rule-preset-recommend@^12',
    '@secretlint/types@^12',
    'ignore@^7',
    // Newer major versions are only published as ES modules, which the tests cannot load. These are still maintained.
    'agent-base@^7',
    'http-proxy-agent@^7',
    'https-proxy-agent@^7',
  );
  const { author, homepage, bugs, repository } = project.package.manifest;
  new JsonFile(project, `${FOLDER}/package.json`, {
    obj: {
      name: `${project.name}-cli`,
      version: releaseVersion(project),
      description: 'model-store: push, pull, promote, verify and audit models in a Secure Model Artifact Store',
      keywords: ['audit', 'aws', 'cli', 'cloudtrail', 'egress', 'machine-learning', 'mlops', 'model-registry', 's3'],
      license: 'Apache-2.0',
      author,
      homepage: `${homepage.replace(/#.*$/, '')}/tree/main/${FOLDER}#readme`,
      bugs,
      repository: { ...repository, directory: FOLDER },
      bin: { 'model-store': 'dist/model-store.js' },
      files: ['dist', 'NOTICE'],
      // A native binary cannot be bundled. It is only needed for audits, so it is optional on platforms without one.
      optionalDependencies: { '@duckdb/node-api': DUCKDB },
      engines: { node: '>= 20.0.0' },
      publishConfig: { access: 'public' },
    },
    // Not read-only, because a release writes its version into it.
    readonly: false,
  });
  // npm only packs license files from the folder of the package.
  for (const file of ['LICENSE', 'NOTICE']) {
    new TextFile(
      project,
      `${FOLDER}/${file}`,
      { lines: fs.readFileSync(path.join(project.outdir, file), 'utf8').split('\n'), marker: false },
    );
  }

  const releaseFiles = { exec: 'tsx scripts/release-files.ts' };
  project.tasks.tryFind('bump')!.addSteps(releaseFiles);
  project.tasks.tryFind('unbump')!.addSteps(releaseFiles);
  const pack = project.addTask('package:cli', {
    description: 'Pack the command line for npm into dist/cli',
    steps: [{ exec: 'mkdir -p dist/cli' }, { exec: 'npm pack --workspace cli --pack-destination dist/cli' }],
  });
  project.packageTask.spawn(pack);
}

/** Keeps the released version in the file between `bump` and `unbump`, although the build regenerates the file. */
function releaseVersion(project: awscdk.AwsCdkConstructLibrary): string {
  return process.env.RELEASE ? project.package.manifest.version as string : NO_RELEASE;
}
