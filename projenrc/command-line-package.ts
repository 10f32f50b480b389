import { awscdk, JsonFile } from 'projen';

/** A version that is published for every platform, all of which the lock file has to name. */
const DUCKDB = '1.5.5-r.5';

/**
 * The `model-store` command is published as its own package. esbuild bundles all it imports into one file, so that it
 * installs without a dependency tree and starts fast; what it imports is therefore a devDependency here.
 */
export function commandLinePackage(project: awscdk.AwsCdkConstructLibrary): void {
  project.addDevDeps(
    '@aws-sdk/client-athena',
    '@aws-sdk/client-cloudtrail',
    '@aws-sdk/credential-providers',
    '@smithy/protocol-http',
    '@smithy/signature-v4',
    '@smithy/types',
    '@aws-crypto/sha256-js',
    `@duckdb/node-api@${DUCKDB}`,
    '@types/cli-progress',
    'cli-progress@^3',
    'commander@^14',
    '@bomb.sh/tab@0.0.22',
    'echarts@^6',
  );
  new JsonFile(project, 'cli/package.json', {
    obj: {
      name: 'secure-model-artifact-store-cli',
      version: '0.0.0',
      description: 'model-store: push, pull, promote and verify models in a Secure Model Artifact Store',
      license: 'Apache-2.0',
      bin: { 'model-store': 'dist/model-store.js' },
      files: ['dist', 'README.md'],
      // Its binary cannot be bundled, and is only needed to audit: push and pull install where there is none.
      optionalDependencies: { '@duckdb/node-api': DUCKDB },
      engines: { node: '>= 20.0.0' },
      repository: { type: 'git', url: project.package.manifest.repository?.url ?? 'https://github.com/secure-model-artifact-store/secure-model-artifact-store.git', directory: 'cli' },
    },
  });
}
