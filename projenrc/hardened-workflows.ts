import { awscdk, Component, github } from 'projen';
import { Job, Step, withoutCredentials } from './workflow-jobs';

/** What holds for every job of every workflow, projen's own included. To be made last. */
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

  /** It reads a title; see https://github.com/amannn/action-semantic-pull-request. */
  private pullRequestTitles(): void {
    const workflow = this.workflows.find(({ name }) => name === 'pull-request-lint')!;
    const job = workflow.getJob('validate') as Job;
    workflow.updateJob('validate', { ...job, permissions: { pullRequests: github.workflows.JobPermission.READ } });
  }
}

/** projen works some jobs' steps out when it writes them. */
function harden(steps: readonly Step[] | (() => readonly Step[])): Step[] {
  return (typeof steps === 'function' ? () => steps().map(withoutCredentials) : steps.map(withoutCredentials)) as Step[];
}
