import { awscdk, Component, github } from 'projen';
import { download, Job, READ_ONLY } from './workflow-jobs';

const RECORDS = 'test/upgrade/releases';
const PATCH = { stepId: 'record', outputName: 'patch_created' };

/**
 * What comes after a release is compared with it (test/upgrade), so each release is recorded: in one job that runs the
 * repository's scripts and may only read, and proposed in another that runs none, like projen's own upgrades.
 */
export class RecordRelease extends Component {
  private readonly workflow: github.GithubWorkflow;
  private readonly credentials: github.GithubCredentials;

  constructor(project: awscdk.AwsCdkConstructLibrary) {
    super(project);
    this.workflow = project.github!.tryFindWorkflow('release')!;
    this.credentials = project.github!.projenCredentials;
    project.addTask('record-release', {
      description: 'Record what a release has, for test/upgrade to compare later ones with; after a build',
      exec: 'tsx scripts/record-release.ts',
      receiveArgs: true,
    });
  }

  public preSynthesize(): void {
    const { if: released, runsOn } = this.workflow.getJob('release_github') as Job;
    this.workflow.addJobs({
      record: {
        name: 'Record the release',
        needs: ['release', 'release_github'],
        if: `${released} && !inputs.dry_run`,
        runsOn,
        permissions: READ_ONLY,
        tools: { node: { version: '22' } },
        outputs: { patch_created: { stepId: PATCH.stepId, outputName: PATCH.outputName } },
        steps: [
          github.WorkflowSteps.checkout(),
          { name: 'Install dependencies', run: 'npm ci' },
          download('release', 'dist'),
          // Git ignores all of these, so that only the record is new.
          { name: 'Take over the build', run: 'tar --strip-components=1 -xzf dist/js/*.tgz package/.jsii package/assets package/lib' },
          { name: 'Record', run: 'npx projen record-release "$(cat dist/version.txt)"' },
          ...github.WorkflowActions.uploadGitPatch(PATCH),
        ],
      },
      propose_record: {
        name: 'Propose the record',
        needs: ['record'],
        if: '${{ needs.record.outputs.patch_created }}',
        runsOn,
        permissions: READ_ONLY,
        steps: [
          ...github.WorkflowActions.checkoutWithPatch(),
          ...github.WorkflowActions.createPullRequest({
            workflowName: 'record-release',
            branchName: 'github-actions/record-release',
            baseBranch: 'main',
            pullRequestTitle: 'test(release): what was released, to compare later releases with',
            pullRequestDescription: 'Templates and API of the release, recorded by `npm run record-release`.',
            addPaths: [RECORDS],
            credentials: this.credentials,
          }),
        ],
      },
    });
  }
}
