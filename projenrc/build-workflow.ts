import { awscdk, Component, github } from 'projen';
import { INSTALL_TEST_TOOLS, Job, LANGUAGE_TOOLS, READ_ONLY, Step } from './workflow-jobs';

/** The version in .nvmrc, on which everything runs. */
const NODE_VERSION = '22';
/** The oldest version that the packages support, and the newest Lambda runtime. */
const OTHER_NODE_VERSIONS = ['20', '24'];

/** Windows has no file modes and restricts symbolic links to administrators, so tests of these do not run there. */
const SYSTEMS = [
  { system: 'macos-latest', tests: 'cli/test' },
  { system: 'windows-latest', tests: 'cli/test/push-and-pull cli/test/other-systems' },
];

const CHECKOUT: Step = github.WorkflowSteps.checkout();
const CLEAN_INSTALL: Step = { name: 'Install dependencies', run: 'npm ci' };

/**
 * Checks that must pass before a change is merged, in addition to projen's build: `.ci/run`; an audit of the
 * dependencies, because not every registry that `.ci/run` may use answers audits; quick tests and tests against the
 * local AWS on the other supported Node versions; tests with the newest CDK, because the library is built against the
 * oldest; and tests of the command line on macOS and Windows.
 */
export class BuildWorkflow extends Component {
  private readonly workflow: github.GithubWorkflow;

  constructor(project: awscdk.AwsCdkConstructLibrary) {
    super(project);
    this.workflow = project.buildWorkflow!.workflow;
    this.workflow.addJobs({
      proof: proof(), dependencies: dependencies(), nodes: nodes(), newest: newest(), systems: systems(),
    });
  }

  public preSynthesize(): void {
    for (const [language, tools] of Object.entries(LANGUAGE_TOOLS)) {
      const id = `package-${language}`;
      const job = this.workflow.getJob(id) as Job;
      this.workflow.updateJob(id, { ...job, tools: { ...job.tools, ...tools } });
    }
  }
}

function proof(): Job {
  return {
    name: 'Proof',
    runsOn: ['ubuntu-latest'],
    permissions: READ_ONLY,
    tools: { node: { version: NODE_VERSION } },
    steps: [CHECKOUT, { name: 'Build, test, demo', run: '.ci/run' }],
  };
}

/** Development dependencies are audited too: those that functions and command line import are part of the bundles. */
function dependencies(): Job {
  return {
    name: 'Audit of the dependencies',
    runsOn: ['ubuntu-latest'],
    permissions: READ_ONLY,
    tools: { node: { version: NODE_VERSION } },
    steps: [
      CHECKOUT,
      { name: 'Install dependencies', run: 'npm ci --ignore-scripts' },
      { name: 'Search for advisories', run: 'npm audit --audit-level=high' },
      { name: 'Verify signatures and provenance', run: 'npm audit signatures' },
    ],
  };
}

function nodes(): Job {
  return {
    name: 'Tests on Node ${{ matrix.node }}',
    runsOn: ['ubuntu-latest'],
    permissions: READ_ONLY,
    strategy: { failFast: false, matrix: { domain: { node: OTHER_NODE_VERSIONS } } },
    tools: { node: { version: '${{ matrix.node }}' } },
    steps: [
      CHECKOUT,
      INSTALL_TEST_TOOLS,
      CLEAN_INSTALL,
      { name: 'Build', run: 'npx projen pre-compile && npx projen compile' },
      { name: 'Test', run: 'npx projen jest -- --selectProjects unit local' },
    ],
  };
}

function newest(): Job {
  return {
    name: 'With the newest CDK',
    runsOn: ['ubuntu-latest'],
    permissions: READ_ONLY,
    tools: { node: { version: '24' } },
    steps: [
      CHECKOUT,
      INSTALL_TEST_TOOLS,
      CLEAN_INSTALL,
      { name: 'Install the newest CDK', run: 'npm install --no-save aws-cdk-lib@2 constructs@10 cdk-nag@3' },
      { name: 'Build', run: 'npx projen pre-compile && npx projen compile && npx projen typecheck' },
      { name: 'Test', run: 'npx projen jest -- --selectProjects unit slow' },
    ],
  };
}

function systems(): Job {
  return {
    name: 'Command line on ${{ matrix.system }}',
    runsOn: ['${{ matrix.system }}'],
    permissions: READ_ONLY,
    strategy: { failFast: false, matrix: { include: SYSTEMS } },
    tools: { node: { version: NODE_VERSION } },
    steps: [
      CHECKOUT,
      { name: 'Install a proxy', if: "runner.os == 'macOS'", run: 'brew install tinyproxy' },
      CLEAN_INSTALL,
      { name: 'Bundle', run: 'npx tsx scripts/bundle.ts' },
      { name: 'Test', run: 'npx jest --config jest.config.json ${{ matrix.tests }} --selectProjects unit slow' },
      { name: 'Pack', run: 'npm pack --workspace cli' },
      { name: 'Install globally', shell: 'bash', run: 'npm install --global ./secure-model-artifact-store-cli-*.tgz' },
      { name: 'Run', run: 'model-store --version' },
    ],
  };
}
