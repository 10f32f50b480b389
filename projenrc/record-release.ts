import { awscdk, Component, github } from 'projen';
import { ARTIFACT_ID, download, Job, READ_ONLY, upload } from './workflow-jobs';

const RECORDS = 'test/upgrade/releases';

/**
 * Records each release, because test/upgrade compares later versions with it. One job runs the scripts of the
 * repository with read-only permissions; another one, which runs no scripts, opens the pull request, as in projen's own
 * upgrade workflow. The record is compressed, so it is passed on as files: a patch would omit binary files.
 */
export class RecordRelease extends Component {
  private readonly workflow: github.GithubWorkflow;
  private readonly credentials: github.GithubCredentials;

  constructor(project: awscdk.AwsCdkConstructLibrary) {
    super(project);
    this.workflow = project.github!.tryFindWorkflow('release')!;
    this.credentials = project.github!.projenCredentials;
    project.addTask('record-release', {
      description: 'Record templates and API of a release, with which test/upgrade compares later ones (after a build)',
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
        outputs: { artifact_id: { stepId: 'upload_artifact', outputName: ARTIFACT_ID } },
        steps: [
          github.WorkflowSteps.checkout(),
          { name: 'Install dependencies', run: 'npm ci' },
          download('release', 'dist'),
          // All of these are ignored by git, so only the record is a change.
          {
            name: 'Take over the build',
            run: 'tar --strip-components=1 -xzf dist/js/*.tgz package/.jsii package/assets package/lib',
          },
          { name: 'Record', run: 'npx projen record-release "$(cat dist/version.txt)"' },
          upload('record', RECORDS),
        ],
      },
      propose_record: {
        name: 'Propose the record',
        needs: ['record'],
        runsOn,
        permissions: READ_ONLY,
        steps: [
          github.WorkflowSteps.checkout(),
          download('record', RECORDS),
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
