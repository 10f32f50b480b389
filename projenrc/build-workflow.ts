import { awscdk, Component, github } from 'projen';
import { INSTALL_TEST_TOOLS, Job, LANGUAGE_TOOLS, READ_ONLY, Step } from './workflow-jobs';

/** The oldest that the packages claim to run on, that of .nvmrc, and the newest that Lambda has. */
const NODE_VERSIONS = ['20', '22', '24'];

/** Windows has no modes, and symbolic links for administrators only, so what tests them stays away from it. */
const SYSTEMS = [
  { system: 'macos-latest', tests: 'cli/test' },
  { system: 'windows-latest', tests: 'cli/test/push-and-pull cli/test/other-systems' },
];

const CHECKOUT: Step = github.WorkflowSteps.checkout();
const CLEAN_INSTALL: Step = { name: 'Install dependencies', run: 'npm ci' };

/**
 * What has to be green before a change lands, besides projen's build: what `.ci/run` does, on every Node that is supported; the
 * newest CDK, where the library is built against the oldest; and the command line on the systems of the people who type it.
 */
export class BuildWorkflow extends Component {
  private readonly workflow: github.GithubWorkflow;

  constructor(project: awscdk.AwsCdkConstructLibrary) {
    super(project);
    this.workflow = project.buildWorkflow!.workflow;
    this.workflow.addJobs({ proof: proof(), newest: newest(), systems: systems() });
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
    name: 'Proof on Node ${{ matrix.node }}',
    runsOn: ['ubuntu-latest'],
    permissions: READ_ONLY,
    strategy: { failFast: false, matrix: { domain: { node: NODE_VERSIONS } } },
    tools: { node: { version: '${{ matrix.node }}' } },
    steps: [CHECKOUT, { name: 'Build, test, demo', run: '.ci/run' }],
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
      { name: 'Test', run: 'npx projen jest -- --selectProjects unit' },
    ],
  };
}

function systems(): Job {
  return {
    name: 'Command line on ${{ matrix.system }}',
    runsOn: ['${{ matrix.system }}'],
    permissions: READ_ONLY,
    strategy: { failFast: false, matrix: { include: SYSTEMS } },
    tools: { node: { version: '22' } },
    steps: [
      CHECKOUT,
      { name: 'Install a proxy', if: "runner.os == 'macOS'", run: 'brew install tinyproxy' },
      CLEAN_INSTALL,
      { name: 'Bundle', run: 'npx tsx scripts/bundle.ts' },
      { name: 'Test', run: 'npx jest --config jest.config.json ${{ matrix.tests }} --selectProjects unit' },
      { name: 'Pack', run: 'npm pack --workspace cli' },
      { name: 'Install as people do', shell: 'bash', run: 'npm install --global ./secure-model-artifact-store-cli-*.tgz' },
      { name: 'Run', run: 'model-store --version' },
    ],
  };
}
