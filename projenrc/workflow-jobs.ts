import { github } from 'projen';

export type Job = github.workflows.Job;
export type Step = github.workflows.JobStep;

export const READ_ONLY = { contents: github.workflows.JobPermission.READ };

/**
 * v4.1.0. Pinned like projen's actions (`github.ActionRefs`): by commit if tags can be moved, by tag if the action has
 * immutable releases.
 */
export const ATTEST = 'actions/attest-build-provenance@a2bbfa25375fe432b6a289bc6b6cd05ecd0c4c32';

export const ARTIFACT_ID = 'artifact-id';

/** Tools to build the package of each language, by jsii language name. JavaScript needs only Node. */
export const LANGUAGE_TOOLS: Record<string, github.workflows.Tools> = {
  java: { java: { version: '17' } },
  python: { python: { version: '3.11' } },
  dotnet: { dotnet: { version: '8.x' } },
  go: { go: { version: 'stable' } },
};

/** With `CI=true`, test suites fail if a tool is missing. */
export const INSTALL_TEST_TOOLS: Step = { name: 'Install test tools', run: '.ci/install-tools' };

export function upload(name: string, files: string): Step {
  return github.WorkflowSteps.uploadArtifact({ id: 'upload_artifact', with: { name, path: files, overwrite: true } });
}

/** Downloads an artifact of another job by ID, because any job of the run could upload one with the same name. */
export function download(job: string, to: string, output = 'artifact_id'): Step {
  return github.WorkflowSteps.downloadArtifact({
    name: `Download the artifacts of ${job}`,
    with: { artifactIds: [`\${{ needs.${job}.outputs.${output} }}`], path: to },
  });
}

/** Removes git credentials after the checkout, so that later steps of a job cannot use them. */
export function withoutCredentials(step: Step): Step {
  if (!step.uses?.startsWith('actions/checkout@')) {
    return step;
  }
  return { ...step, with: { ...step.with, 'persist-credentials': false } };
}
