import { awscdk, Component, github } from 'projen';
import { Job, Step, withoutCredentials } from './workflow-jobs';

/** Settings for every job of every workflow, including projen's own. Must be created last. */
export class HardenedWorkflows extends Component {
  private readonly workflows: readonly github.GithubWorkflow[];

  constructor(project: awscdk.AwsCdkConstructLibrary) {
    super(project);
    this.workflows = project.github!.workflows;
  }

  public preSynthesize(): void {
    for (const workflow of this.workflows) {
      for (const id of Object.keys(workflow.jobs)) {
        const job = workflow.getJob(id) as Job;
        workflow.updateJob(id, { ...job, steps: harden(job.steps) });
      }
    }
    this.pullRequestTitles();
  }

  /** It only needs to read the title; see https://github.com/amannn/action-semantic-pull-request. */
  private pullRequestTitles(): void {
    const workflow = this.workflows.find(({ name }) => name === 'pull-request-lint')!;
    const job = workflow.getJob('validate') as Job;
    workflow.updateJob('validate', { ...job, permissions: { pullRequests: github.workflows.JobPermission.READ } });
  }
}

/** projen computes the steps of some jobs lazily, at synthesis. */
function harden(steps: readonly Step[] | (() => readonly Step[])): Step[] {
  const hardened = typeof steps === 'function'
    ? () => steps().map(withoutCredentials)
    : steps.map(withoutCredentials);
  return hardened as Step[];
}
