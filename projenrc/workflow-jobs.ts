import { github } from 'projen';

export type Job = github.workflows.Job;
export type Step = github.workflows.JobStep;

export const READ_ONLY = { contents: github.workflows.JobPermission.READ };

/**
 * At v4.1.0. Found like projen's own (`github.ActionRefs`): by the commit where a tag can be moved, by the tag where GitHub
 * holds it fixed ("immutable releases").
 */
export const ATTEST = 'actions/attest-build-provenance@a2bbfa25375fe432b6a289bc6b6cd05ecd0c4c32';

export const ARTIFACT_ID = 'artifact-id';

/** What the package of a language is made with, by jsii's names of them. JavaScript's needs Node alone. */
export const LANGUAGE_TOOLS: Record<string, github.workflows.Tools> = {
  java: { java: { version: '17' } },
  python: { python: { version: '3.11' } },
  dotnet: { dotnet: { version: '8.x' } },
  go: { go: { version: 'stable' } },
};

/** The test suites fail with `CI=true` where one of their tools is missing. */
export const INSTALL_TEST_TOOLS: Step = { name: 'Install the tools of the tests', run: '.ci/install-tools' };

export function upload(name: string, files: string): Step {
  return github.WorkflowSteps.uploadArtifact({ id: 'upload_artifact', with: { name, path: files, overwrite: true } });
}

/** What another job uploaded, by its id: a name could be taken by any job of the run. */
export function download(job: string, to: string, output = 'artifact_id'): Step {
  return github.WorkflowSteps.downloadArtifact({
    name: `Download what ${job} made`,
    with: { artifactIds: [`\${{ needs.${job}.outputs.${output} }}`], path: to },
  });
}

/** Git's credentials are no business of the programs that a job runs after its checkout. */
export function withoutCredentials(step: Step): Step {
  if (!step.uses?.startsWith('actions/checkout@')) {
    return step;
  }
  return { ...step, with: { ...step.with, 'persist-credentials': false } };
}
