import { awscdk, Component, github } from 'projen';
import { ARTIFACT_ID, ATTEST, download, Job, LANGUAGE_TOOLS, READ_ONLY, Step, upload } from './workflow-jobs';

const BUILD = 'release';
const ATTEST_JOB = 'attest';
const WRITE = github.workflows.JobPermission.WRITE;

/** projen's jobs that publish, by jsii's names of the languages. */
const PUBLISHERS: Record<string, string> = { java: 'release_maven', python: 'release_pypi', dotnet: 'release_nuget', go: 'release_golang' };

/** Of https://github.com/cdklabs/publib, which gets the rights to publish: a new version is a change that somebody reviews. */
export const PUBLIB_VERSION = '0.2.1061';

/** Trusted publishing needs npm 11.5.1 or newer, which comes with it (https://docs.npmjs.com/trusted-publishers). */
const PUBLISHING_NODE_VERSION = '24';

/** https://docs.github.com/authentication/keeping-your-account-and-data-secure/githubs-ssh-key-fingerprints */
const GITHUB_HOST_KEY = 'github.com ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl';

/**
 * projen makes and publishes a package in one job, so that every install script of every development dependency would run
 * where the right to publish is. Here a job either runs the repository's dependencies, and may then only read; or it may
 * publish, and then installs nothing but the pinned publisher, without install scripts. Nothing is published before
 * everything is made and attested.
 */
export class ReleaseWorkflow extends Component {
  private readonly workflow: github.GithubWorkflow;

  constructor(project: awscdk.AwsCdkConstructLibrary) {
    super(project);
    this.workflow = project.github!.tryFindWorkflow('release')!;
  }

  public preSynthesize(): void {
    this.build();
    for (const [language, publisher] of Object.entries(PUBLISHERS)) {
      this.separate(language, publisher, LANGUAGE_TOOLS[language]);
    }
    this.npm();
    this.maven();
    this.attest();
    this.golang();
    this.githubRelease();
  }

  /** Builds, tests and packs for npm, from main alone. Pushes nothing, so it may write nothing. */
  private build(): void {
    const job = this.job(BUILD);
    this.workflow.updateJob(BUILD, {
      ...job,
      // Anybody who may start a workflow may choose its branch.
      if: "github.ref == 'refs/heads/main'",
      permissions: READ_ONLY,
    });
  }

  /** Splits a job of projen's at the step that has collected the package. */
  private separate(language: string, publisher: string, tools: github.workflows.Tools): void {
    const job = this.job(publisher);
    const collected = job.steps.findIndex(({ name }) => name === `Collect ${language} artifact`);
    if (collected < 0) {
      throw new Error(`projen's job ${publisher} collects no ${language} package any more: see projenrc/release-workflow.ts`);
    }
    const [making, publishing] = [job.steps.slice(0, collected + 1), job.steps.slice(collected + 1)];
    const { environment: _, ...rest } = job;
    const maker = `package_${language}`;
    this.workflow.addJob(maker, {
      ...rest,
      name: `Package for ${language}`,
      permissions: READ_ONLY,
      tools: { ...job.tools, ...tools },
      outputs: { artifact_id: { stepId: 'upload_artifact', outputName: ARTIFACT_ID } },
      steps: [...making, upload(maker, `dist/${language}`)],
    });
    this.workflow.updateJob(publisher, {
      ...job,
      tools: { ...job.tools, ...tools },
      needs: [BUILD, ATTEST_JOB, maker],
      steps: [download(maker, `dist/${language}`), ...publishing.map(withoutScripts)],
    });
  }

  /** The very tarballs that the build has tested, of the library and of the command line. */
  private npm(): void {
    const job = this.job('release_npm');
    const { env, ...release } = job.steps.find(({ name }) => name === 'Release')!;
    // npm's own registry is what publib takes by default.
    const { NPM_REGISTRY: _, ...settings } = env!;
    this.workflow.updateJob('release_npm', {
      ...job,
      needs: [BUILD, ATTEST_JOB],
      tools: { node: { version: PUBLISHING_NODE_VERSION } },
      steps: [
        download(BUILD, 'dist'),
        withoutScripts({ ...release, env: settings, name: 'Release the library' }),
        withoutScripts({ ...release, env: settings, id: 'release_command_line', name: 'Release the command line', run: `${release.run} dist/cli` }),
      ],
    });
  }

  /** Maven Central's old service had a staging profile; its Publisher Portal has none (https://github.com/cdklabs/publib#maven). */
  private maven(): void {
    const job = this.job('release_maven');
    const steps = job.steps.map((step) => {
      const { MAVEN_STAGING_PROFILE_ID: _, ...env } = step.env ?? {};
      return step.env === undefined ? step : { ...step, env };
    });
    this.workflow.updateJob('release_maven', { ...job, steps });
  }

  /** Says for every package which commit and which run of which workflow it was made by: `gh attestation verify` checks it. */
  private attest(): void {
    const makers = Object.keys(PUBLISHERS).map((language) => `package_${language}`);
    const { if: condition, runsOn } = this.job('release_npm');
    this.workflow.addJob(ATTEST_JOB, {
      name: 'Attest where the packages come from',
      needs: [BUILD, ...makers],
      if: condition,
      runsOn,
      permissions: { ...READ_ONLY, idToken: WRITE, attestations: WRITE },
      steps: [
        download(BUILD, 'dist'),
        ...Object.keys(PUBLISHERS).map((language) => download(`package_${language}`, `dist/${language}`)),
        {
          name: 'Attest',
          if: '${{ !inputs.dry_run }}',
          uses: ATTEST,
          with: { 'subject-path': ['js/*.tgz', 'cli/*.tgz', 'java/**/*.jar', 'python/*.whl', 'dotnet/*.nupkg'].map((file) => `dist/${file}`).join('\n') },
        },
      ],
    });
  }

  /** A deploy key opens one repository, where a person's token would open all of theirs. */
  private golang(): void {
    const job = this.job('release_golang');
    const hostKey: Step = {
      name: "Know GitHub's host key",
      run: `mkdir -p ~/.ssh && echo '${GITHUB_HOST_KEY}' >> ~/.ssh/known_hosts`,
    };
    this.workflow.updateJob('release_golang', { ...job, steps: [hostKey, ...job.steps] });
  }

  private githubRelease(): void {
    const job = this.job('release_github');
    this.workflow.updateJob('release_github', { ...job, tools: undefined, steps: [download(BUILD, 'dist'), job.steps.at(-1)!] });
  }

  private job(id: string): Job {
    return this.workflow.getJob(id) as Job;
  }
}

function withoutScripts(step: Step): Step {
  return !step.run?.startsWith('npx') ? step : { ...step, env: { ...step.env, NPM_CONFIG_IGNORE_SCRIPTS: 'true' } };
}
