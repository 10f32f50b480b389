import { awscdk, Component, github } from 'projen';
import { ARTIFACT_ID, ATTEST, download, Job, LANGUAGE_TOOLS, READ_ONLY, Step, upload } from './workflow-jobs';

const BUILD = 'release';
const ATTEST_JOB = 'attest';
const WRITE = github.workflows.JobPermission.WRITE;

/** Files of the packages of all languages except Go, which is published as source code. */
const PACKAGES = ['js/*.tgz', 'cli/*.tgz', 'java/**/*.jar', 'python/*.whl', 'dotnet/*.nupkg'];

/** Bills of materials, which are attached to the release on GitHub. */
const BILLS_OF_MATERIALS = 'sbom/*.cdx.json';

/** projen's publishing jobs, by jsii language name. */
const PUBLISHERS: Record<string, string> = {
  java: 'release_maven', python: 'release_pypi', dotnet: 'release_nuget', go: 'release_golang',
};

/** Version of https://github.com/cdklabs/publib. It is pinned because it can publish, so that upgrades are reviewed. */
export const PUBLIB_VERSION = '0.2.1061';

/** Comes with npm 11.5.1 or newer, as required for trusted publishing (https://docs.npmjs.com/trusted-publishers). */
const PUBLISHING_NODE_VERSION = '24';

/** https://docs.github.com/authentication/keeping-your-account-and-data-secure/githubs-ssh-key-fingerprints */
const GITHUB_HOST_KEY = 'github.com ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl';

/**
 * projen builds and publishes a package in one job, which would run the install scripts of all development dependencies
 * with permission to publish. Here, a job either runs dependencies of the repository with read-only permissions, or it
 * may publish and installs only the pinned publisher, without install scripts. Nothing is published before all packages
 * are built and attested.
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

  /** Builds, tests and packs for npm, only from main. It does not push, so it has no write permissions. */
  private build(): void {
    const job = this.job(BUILD);
    this.workflow.updateJob(BUILD, {
      ...job,
      // Users who may start the workflow can choose any branch.
      if: "github.ref == 'refs/heads/main'",
      permissions: READ_ONLY,
    });
  }

  /** Splits a publishing job of projen after the step that collects the package. */
  private separate(language: string, publisher: string, tools: github.workflows.Tools): void {
    const job = this.job(publisher);
    const collected = job.steps.findIndex(({ name }) => name === `Collect ${language} artifact`);
    if (collected < 0) {
      throw new Error(`projen's job ${publisher} has no step that collects the ${language} package any more`);
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

  /** Publishes the tarballs of the library and the command line that the build has tested. */
  private npm(): void {
    const job = this.job('release_npm');
    const { env, ...release } = job.steps.find(({ name }) => name === 'Release')!;
    // The npm registry is the default of publib.
    const { NPM_REGISTRY: _, ...settings } = env!;
    this.workflow.updateJob('release_npm', {
      ...job,
      needs: [BUILD, ATTEST_JOB],
      tools: { node: { version: PUBLISHING_NODE_VERSION } },
      steps: [
        download(BUILD, 'dist'),
        withoutScripts({ ...release, env: settings, name: 'Release the library' }),
        withoutScripts({
          ...release,
          env: settings,
          id: 'release_command_line',
          name: 'Release the command line',
          run: `${release.run} dist/cli`,
        }),
      ],
    });
  }

  /** The Publisher Portal of Maven Central has no staging profiles (https://github.com/cdklabs/publib#maven). */
  private maven(): void {
    const job = this.job('release_maven');
    const steps = job.steps.map((step) => {
      const { MAVEN_STAGING_PROFILE_ID: _, ...env } = step.env ?? {};
      return step.env === undefined ? step : { ...step, env };
    });
    this.workflow.updateJob('release_maven', { ...job, steps });
  }

  /** Attests the commit and workflow run that built each package, for `gh attestation verify`. */
  private attest(): void {
    const makers = Object.keys(PUBLISHERS).map((language) => `package_${language}`);
    const { if: condition, runsOn } = this.job('release_npm');
    this.workflow.addJob(ATTEST_JOB, {
      name: 'Attest the provenance of the packages',
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
          with: { 'subject-path': [...PACKAGES, BILLS_OF_MATERIALS].map((file) => `dist/${file}`).join('\n') },
        },
      ],
    });
  }

  /** Uses a deploy key, which is limited to one repository, unlike the token of a user. */
  private golang(): void {
    const job = this.job('release_golang');
    const hostKey: Step = {
      name: "Add GitHub's host key",
      run: `mkdir -p ~/.ssh && echo '${GITHUB_HOST_KEY}' >> ~/.ssh/known_hosts`,
    };
    this.workflow.updateJob('release_golang', { ...job, steps: [hostKey, ...job.steps] });
  }

  /** Attaches the bills of materials of the packages. */
  private githubRelease(): void {
    const job = this.job('release_github');
    const announcing = job.steps.at(-1)!;
    const target = '--target "$GITHUB_SHA"';
    if (!announcing.run?.trimEnd().endsWith(target)) {
      throw new Error(`projen's job release_github does not end with ${target} any more, so no files can be attached`);
    }
    const attaching = { ...announcing, run: `${announcing.run.trimEnd()} dist/${BILLS_OF_MATERIALS}` };
    this.workflow.updateJob(
      'release_github', { ...job, tools: undefined, steps: [download(BUILD, 'dist'), attaching] },
    );
  }

  private job(id: string): Job {
    return this.workflow.getJob(id) as Job;
  }
}

function withoutScripts(step: Step): Step {
  return !step.run?.startsWith('npx') ? step : { ...step, env: { ...step.env, NPM_CONFIG_IGNORE_SCRIPTS: 'true' } };
}
