import { spawnSync } from 'node:child_process';

/** jsii's names of the languages that a package is made for. */
export type Language = 'js' | 'python' | 'java' | 'dotnet' | 'go';

export const LANGUAGES: readonly Language[] = ['js', 'python', 'java', 'dotnet', 'go'];

interface Tool {
  readonly command: string;
  /** Arguments that succeed only if the tool is usable, not merely present. */
  readonly probe: readonly string[];
}

/**
 * Tools that build a package from the code that jsii generates. JavaScript only needs npm, which comes with Node.js.
 */
const TOOLS: Record<Language, readonly Tool[]> = {
  js: [],
  python: [{ command: 'python3', probe: ['-c', 'import venv, ensurepip'] }],
  java: [{ command: 'javac', probe: ['-version'] }, { command: 'mvn', probe: ['-version'] }],
  dotnet: [{ command: 'dotnet', probe: ['--list-sdks'] }],
  go: [{ command: 'go', probe: ['version'] }],
};

/** What to install for each language. */
const NEEDED: Record<Language, string> = {
  js: 'Node.js',
  python: 'Python 3.10 or newer with venv',
  java: 'a JDK of version 17 or newer and Maven',
  dotnet: 'the .NET SDK',
  go: 'Go 1.25 or newer, or one that fetches it (1.21 or newer)',
};

/** Commands of a language's tool chain that are missing on this machine. */
export function missingTools(language: Language): string[] {
  return TOOLS[language]
    .filter(({ command, probe }) => spawnSync(command, probe).status !== 0)
    .map(({ command }) => command);
}

/** Describes what to install for a language. */
export function neededFor(language: Language): string {
  return NEEDED[language];
}
