import * as fs from 'node:fs';
import * as path from 'node:path';
import { knowVersion, MAVEN_REPOSITORY } from './maven';
import type { Language } from './tool-chains';
import { PROJECT_ROOT } from '../../test/local/rig/paths';
import { type CommandResult, runCommand } from '../../test/local/rig/run-command';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly devDependencies: Record<string, string>;
  readonly jsii: {
    readonly targets: {
      readonly java: { readonly maven: { readonly groupId: string; readonly artifactId: string } };
      readonly go: { readonly moduleName: string; readonly packageName: string };
    };
  };
}

export function manifestOf(folder: string = PROJECT_ROOT): Manifest {
  return JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8')) as Manifest;
}

export interface PackOptions {
  /** Generate only the code, which needs no tool chain other than jsii. */
  readonly codeOnly?: boolean;
}

/** Builds the package of a language in `<folder>/<language>`, or generates only its code. */
export async function pack(language: Language, folder: string, options: PackOptions = {}): Promise<void> {
  const args: string[] = [];
  if (options.codeOnly) {
    args.push('--code-only');
  } else if (language === 'java') {
    await knowVersion({
      groupId: 'io.github.cdklabs', artifactId: 'cdknag', version: manifestOf().devDependencies['cdk-nag'],
    });
    args.push('--maven-local-repository', MAVEN_REPOSITORY);
  } else if (language === 'go') {
    await generateGoDependencies(folder);
  }
  await pacmak(['--target', language, '--outdir', path.resolve(folder), ...args, PROJECT_ROOT]);
  if (language === 'go' && !options.codeOnly) {
    // Everything in this folder is published.
    const { packageName } = manifestOf().jsii.targets.go;
    const modules = path.join(folder, 'go');
    for (const dependency of fs.readdirSync(modules).filter((name) => name !== packageName)) {
      fs.rmSync(path.join(modules, dependency), { recursive: true });
    }
  }
}

/**
 * Generates the Go code of dependencies next to the package, where the compile step of jsii finds it. It uses the
 * installed versions, which a module proxy may not have yet. The CDK itself is not generated, because it takes too
 * long.
 */
export async function generateGoDependencies(folder: string): Promise<void> {
  const names = ['cdk-nag', '@aws-cdk/cloud-assembly-schema', '@aws-cdk/asset-node-proxy-agent-v6'];
  const folders = names.map((name) => path.join(PROJECT_ROOT, 'node_modules', name));
  await pacmak(['--target', 'go', '--outdir', path.resolve(folder), '--code-only', ...folders]);
}

/** With -trimpath, the build cache can be shared between folders. */
export const GO_ENVIRONMENT: NodeJS.ProcessEnv = {
  GOFLAGS: [process.env.GOFLAGS, '-trimpath'].filter(Boolean).join(' '),
};

function pacmak(args: readonly string[]): Promise<CommandResult> {
  const program = path.join(PROJECT_ROOT, 'node_modules', 'jsii-pacmak', 'bin', 'jsii-pacmak');
  return runCommand(process.execPath, [program, '--no-npmignore', ...args], {
    cwd: PROJECT_ROOT,
    env: {
      ...process.env,
      ...GO_ENVIRONMENT,
      JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: 'true',
      JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION: 'true',
    },
  });
}
