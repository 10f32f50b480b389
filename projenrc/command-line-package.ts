import { awscdk, JsonFile } from 'projen';

/**
 * The `model-store` command is published as its own package. esbuild bundles all it imports into one file, so that it
 * installs without a dependency tree and starts fast; what it imports is therefore a devDependency here.
 */
export function commandLinePackage(project: awscdk.AwsCdkConstructLibrary): void {
  project.addDevDeps(
    '@aws-sdk/credential-providers',
    '@smithy/protocol-http',
    '@smithy/signature-v4',
    '@smithy/types',
    '@aws-crypto/sha256-js',
    '@types/cli-progress',
    'cli-progress@^3',
    'commander@^14',
  );
  new JsonFile(project, 'cli/package.json', {
    obj: {
      name: 'secure-model-artifact-store-cli',
      version: '0.0.0',
      description: 'model-store: push, pull, promote and verify models in a Secure Model Artifact Store',
      license: 'Apache-2.0',
      bin: { 'model-store': 'dist/model-store.js' },
      files: ['dist', 'README.md'],
      engines: { node: '>= 20.0.0' },
      repository: { type: 'git', url: project.package.manifest.repository?.url ?? 'https://github.com/secure-model-artifact-store/secure-model-artifact-store.git', directory: 'cli' },
    },
  });
}
