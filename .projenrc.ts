import { awscdk, DependencyType, javascript, JsonFile, release, ReleasableCommits, TextFile } from 'projen';
import { BuildWorkflow } from './projenrc/build-workflow';
import { commandLinePackage } from './projenrc/command-line-package';
import { CHANGELOG_TYPES, COMMIT_TYPES, NEXT_VERSION_COMMAND, RELEASABLE_COMMITS } from './projenrc/commits';
import { developerTasks } from './projenrc/developer-tasks';
import { HardenedWorkflows } from './projenrc/hardened-workflows';
import { jestProjects, longJestProjects } from './projenrc/jest-projects';
import { RecordRelease } from './projenrc/record-release';
import { PUBLIB_VERSION, ReleaseWorkflow } from './projenrc/release-workflow';
import { INSTALL_TEST_TOOLS, READ_ONLY } from './projenrc/workflow-jobs';

// The oldest supported version; CI also tests the newest. 2.263.0 is the newest version published for every language.
const cdkVersion = '2.263.0';

const repository = 'https://github.com/secure-model-artifact-store/secure-model-artifact-store';

const project = new awscdk.AwsCdkConstructLibrary({
  name: 'secure-model-artifact-store',
  description:
    'A store for machine-learning models in your own AWS account, with an audit trail that attributes every download.',
  author: 'Secure Model Artifact Store contributors',
  authorAddress: 'maintainers@example.com',
  authorOrganization: true,
  repositoryUrl: `${repository}.git`,
  homepage: `${repository}#readme`,
  bugsUrl: `${repository}/issues`,
  defaultReleaseBranch: 'main',
  license: 'Apache-2.0',
  keywords: [
    'aws', 'cdk', 'awscdk', 'aws-cdk', 's3', 'machine-learning', 'model-registry', 'mlops', 'audit', 'cloudtrail',
    'compliance', 'egress',
  ],

  cdkVersion,
  constructsVersion: '10.5.1',
  jsiiVersion: '~6.0.0',
  typescriptVersion: '~6.0.0',
  minNodeVersion: '20.0.0',
  packageManager: javascript.NodePackageManager.NPM,
  projenrcTs: true,
  tsconfigDevFile: 'tsconfig.dev.json',
  excludeTypescript: ['src/handlers/**/*.ts'],

  publishToPypi: {
    distName: 'secure-model-artifact-store',
    module: 'secure_model_artifact_store',
    trustedPublishing: true,
  },
  publishToMaven: {
    javaPackage: 'io.github.securemodelartifactstore',
    mavenGroupId: 'io.github.securemodelartifactstore',
    mavenArtifactId: 'secure-model-artifact-store',
  },
  publishToNuget: {
    dotNetNamespace: 'SecureModelArtifacts',
    packageId: 'SecureModelArtifactStore',
    trustedPublishing: true,
  },
  publishToGo: {
    moduleName: 'github.com/secure-model-artifact-store/secure-model-artifact-store-go',
    packageName: 'securemodelartifactstore',
    githubUseSsh: true,
  },

  // The library itself has no runtime dependency but its peers; see docs/dependencies.md.
  // cdk-nag: optional on npm (see peerDependenciesMeta), and of any version that an app may have; ComplianceChecks asks
  // for 3.
  peerDeps: ['cdk-nag@>=2.36.8 <4'],
  peerDependencyOptions: { pinnedDevDependency: false },
  devDeps: [
    'aws-cdk@2.1148.1',
    'cdk-nag@3.0.2',
    // Built against the oldest CDK that is supported.
    `aws-cdk-lib@${cdkVersion}`,
    // Handlers: bundled by esbuild into assets/, so never a dependency of the package.
    '@aws-sdk/client-kms',
    '@aws-sdk/client-s3',
    '@aws-sdk/client-sts',
    '@aws-sdk/s3-request-presigner',
    '@types/aws-lambda',
    'ajv@^8',
    'aws-jwt-verify@^5.2.1',
    'esbuild@^0.28',
    // Tests and the local rig.
    '@aws-cdk/cloudformation-diff',
    '@aws-cdk/integ-runner',
    '@aws-cdk/integ-tests-alpha',
    '@cdklabs/cdk-validator-cfnguard@0.0.62',
    '@cyclonedx/cyclonedx-esbuild@1.4.4',
    '@types/spdx-satisfies@^6',
    'spdx-satisfies@^6',
    '@aws-sdk/client-api-gateway',
    '@aws-sdk/client-cloudformation',
    '@aws-sdk/client-cognito-identity-provider',
    '@aws-sdk/client-iam',
    '@aws-sdk/client-lambda',
    '@aws-sdk/client-ssm',
    '@seriousme/openapi-schema-validator',
    '@swc/core@1.16.18',
    '@swc/jest',
    '@types/jest@^30',
    'aws-sdk-client-mock',
    'axe-core@^4',
    'fast-check@^4',
    'jest@^30',
    'json-schema-to-ts',
    'oidc-provider@^9',
    'puppeteer-core@^24',
    'remark-cli@^12',
    'remark-validate-links@^13',
    'tsx@^4',
    'yaml@^2',
  ],
  jest: false,
  eslint: true,
  sampleCode: false,
  lambdaAutoDiscover: false,
  singletonLambdaAutoDiscover: false,
  edgeLambdaAutoDiscover: false,
  lambdaExtensionAutoDiscover: false,
  docgen: true,
  githubOptions: {
    mergify: false,
    pullRequestLintOptions: { semanticTitleOptions: { types: COMMIT_TYPES.map(({ type }) => type) } },
  },
  pullRequestTemplateContents: [
    '## What changes, and for whom',
    '',
    '<!-- The title becomes the changelog entry; see CONTRIBUTING.md. Fixes #issue. -->',
    '',
    '## How it is tested',
    '',
    '- [ ] a test fails without the change',
    '- [ ] `npm run build` passes, and the generated files are included',
    '- [ ] the documentation is up to date',
    '',
    '## Risks',
    '',
    '<!-- Logical IDs, permissions, costs, effects on existing stores at their next deployment. -->',
    '',
  ],
  buildWorkflow: true,
  // Pull requests must include generated files, so that the workflow never needs permission to push.
  buildWorkflowOptions: {
    mutableBuild: false,
    preBuildSteps: [INSTALL_TEST_TOOLS],
    permissions: READ_ONLY,
    workflowTriggers: { pullRequest: {}, mergeGroup: {}, push: { branches: ['main'] }, workflowDispatch: {} },
  },
  workflowNodeVersion: '22',
  // The last version that supports Node 20.
  bumpPackage: 'commit-and-tag-version@^12',
  depsUpgradeOptions: { workflow: true, workflowOptions: { schedule: javascript.UpgradeDependenciesSchedule.WEEKLY } },

  // Releases are started by a maintainer; see docs/releasing.md.
  releaseTrigger: release.ReleaseTrigger.workflowDispatch(),
  releaseEnvironment: 'release',
  releaseWorkflowSetupSteps: [INSTALL_TEST_TOOLS],
  releaseToNpm: true,
  npmTrustedPublishing: true,
  npmProvenance: true,
  jsiiReleaseVersion: PUBLIB_VERSION,
  versionrcOptions: { types: CHANGELOG_TYPES },
  releasableCommits: ReleasableCommits.exec(RELEASABLE_COMMITS),
  nextVersionCommand: NEXT_VERSION_COMMAND,
  // The "files" field below lists what is published.
  npmignoreEnabled: false,
  gitignore: [
    '/.npmignore', '/.jsii.tabl.json.gz', '/assets/', '/.local-aws/', '/test-reports/', '/cli/dist/', '/openapi/*.tmp',
    'cdk.out', '*.tsbuildinfo', '__pycache__',
  ],
  tsconfigDev: {
    compilerOptions: {
      lib: ['es2023', 'dom'], target: 'ES2022', isolatedModules: false, module: 'node16',
      moduleResolution: javascript.TypeScriptModuleResolution.NODE16, noEmit: true, types: ['jest', 'node'],
      rootDir: '.',
    },
    include: [
      '.projenrc.ts', 'projenrc/**/*.ts', 'cli/**/*.ts', 'examples/**/*.ts', 'bench/**/*.ts', 'scripts/**/*.ts',
    ],
    exclude: ['cli/dist', '**/cdk.out/**', 'test/consumers/snapshot', 'test/consumers/typescript'],
  },
  eslintOptions: {
    dirs: ['src', 'cli/src'],
    devdirs: ['test', 'cli/test', 'projenrc', 'examples', 'bench', 'scripts'],
    ignorePatterns: [
      '*.js', '*.d.ts', 'node_modules/', '*.generated.ts', 'coverage', 'cdk.out', 'test/consumers/snapshot',
      'test/consumers/typescript',
    ],
  },
});

// Dependencies of the handlers are bundled by esbuild, so they are development dependencies.
project.eslint?.allowDevDeps('**/src/handlers/**');
// The rule reads the nearest package.json. That of the command line has no dependencies, for the same reason.
project.eslint?.addOverride({ files: ['cli/**/*.ts'], rules: { 'import/no-extraneous-dependencies': 'off' } });
project.eslint?.addRules({
  '@stylistic/object-property-newline': 'off',
  '@stylistic/object-curly-newline': 'off',
  '@stylistic/quote-props': ['error', 'as-needed'],
  '@stylistic/max-len': ['error', {
    code: 150, ignoreUrls: true, ignoreStrings: true, ignoreTemplateLiterals: true, ignoreComments: true,
    ignoreRegExpLiterals: true,
  }],
});

// Tests hold records and policies, which are read in one line.
project.eslint?.addOverride({
  files: ['src/**/*.ts', 'cli/src/**/*.ts'], rules: { '@stylistic/max-len': ['error', { code: 120, ignoreUrls: true }] },
});

project.package.addField(
  'files', ['.jsii', '.jsii.tabl.json.gz', 'API.md', 'NOTICE', 'SECURITY.md', 'assets', 'lib', 'openapi', 'rosetta'],
);

// Use the same types to lint files that jsii does not compile.
const eslintConfig = project.tryFindObjectFile('.eslintrc.json');
eslintConfig?.addDeletionOverride('parserOptions.projectService');
eslintConfig?.addOverride('parserOptions.project', './tsconfig.dev.json');
eslintConfig?.addOverride('settings.import/resolver.typescript.project', './tsconfig.dev.json');

project.packageTask.reset();
// The command line is a separate npm package that shares the lock file.
commandLinePackage(project);

// The build of a release attaches it.
project.packageTask.spawn(project.addTask('package:sbom', {
  description: 'List the packages in the bundles as CycloneDX bills of materials, in dist/sbom',
  exec: 'tsx scripts/sbom.ts',
}));

// Locally, packages all languages for which a tool chain is installed. On GitHub, each language has its own job.
const inGitHubActions = 'node -e "process.exit(process.env.GITHUB_ACTIONS ? 0 : 1)"';
const elsewhere = 'node -e "process.exit(process.env.GITHUB_ACTIONS ? 1 : 0)"';
project.packageTask.exec('tsx scripts/package.ts', { receiveArgs: true, condition: elsewhere });
project.packageTask.spawn(project.tasks.tryFind('package:js')!, { condition: inGitHubActions });
project.removeTask('package-all');
// Maven Central's version lists lag behind; the script works around this.
project.tasks.tryFind('package:java')!.reset('tsx scripts/package.ts java');
// Links for Construct Hub instances that are configured to show them. The public one is not, so far.
project.package.addField('constructHub', {
  packageLinks: { Documentation: `${repository}/tree/main/docs#readme`, Changelog: `${repository}/releases` },
});
project.deps.addDependency('constructs@10.5.1', DependencyType.BUILD);
project.package.addField('peerDependenciesMeta', { 'cdk-nag': { optional: true } });
project.package.addField('workspaces', ['cli']);
// Version with binaries for every platform, all of which must be in the lock file.
project.package.addField('overrides', { 'unrs-resolver': '1.12.2' });

new JsonFile(project, 'jest.config.json', { obj: jestProjects(), marker: false });
new JsonFile(project, 'jest.long.config.json', { obj: longJestProjects(), marker: false });
new TextFile(project, '.nvmrc', { lines: ['22'] });

// Build: bundle the functions and the command line, compile the library, then test it.
const bundle = project.addTask('bundle', {
  description: 'Bundle the functions into assets/ and the command line into cli/dist/ (minified and reproducible)',
  exec: 'tsx scripts/bundle.ts',
});
const openapi = project.addTask('openapi', {
  description: 'Generate openapi/model-store.openapi.json from the schemas that validate requests',
  exec: 'tsx scripts/openapi.ts',
});
project.compileTask.exec('tsx scripts/copy-queries.ts');
project.preCompileTask.spawn(bundle);
project.preCompileTask.spawn(openapi);
const typecheck = project.addTask('typecheck', {
  description: 'Type-check everything, including files that jsii does not compile',
  exec: 'tsc --noEmit -p tsconfig.dev.json',
});
project.addTask('jest', {
  description: 'Run only the tests (after a build); the tests in test/local start their own local AWS',
  exec: 'jest --config jest.config.json',
  receiveArgs: true,
});
// Compiles the examples in README and API documentation and translates them for the package of each language.
project.postCompileTask.exec('jsii-rosetta extract --strict --compress-tablet');
project.testTask.reset();
project.testTask.spawn(project.preCompileTask);
project.testTask.spawn(project.compileTask);
project.testTask.spawn(project.postCompileTask);
project.testTask.spawn(typecheck);
// The slow tests, those of the packages and those on independent engines take as long again, so they are tasks of their
// own, which .ci/run runs too.
project.testTask.exec('jest --config jest.config.json --selectProjects unit local');
project.testTask.spawn(project.tasks.tryFind('eslint')!);

developerTasks(project);
const lock = project.addTask('lock', {
  description: 'Regenerate package-lock.json for every platform; run it after a dependency change',
  exec: 'tsx scripts/lock.ts',
});

// npm would only lock the binaries for the platform of the upgrade job.
project.upgradeWorkflow?.postUpgradeTask.spawn(lock);
new BuildWorkflow(project);
new ReleaseWorkflow(project);
new RecordRelease(project);
new HardenedWorkflows(project);

const GENERATED = [
  '/test/upgrade/releases/**', '/docs/fidelity.md', '/test/fidelity/proofs.json',
  '/docs/access.md', '/test/access/matrix/results.json',
];
for (const generated of GENERATED) {
  project.gitattributes.addAttributes(generated, 'linguist-generated');
}

project.synth();
