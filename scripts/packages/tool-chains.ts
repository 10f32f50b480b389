import { spawnSync } from 'node:child_process';

/** jsii's names of the languages that a package is made for. */
export type Language = 'js' | 'python' | 'java' | 'dotnet' | 'go';

export const LANGUAGES: readonly Language[] = ['js', 'python', 'java', 'dotnet', 'go'];

interface Tool {
  readonly command: string;
  /** Succeeds where the tool can do its work, not only where it starts. */
  readonly probe: readonly string[];
}

/** What makes a real package of the code that jsii generates; npm, which packs for JavaScript, came with Node.js. */
const TOOLS: Record<Language, readonly Tool[]> = {
  js: [],
  python: [{ command: 'python3', probe: ['-c', 'import venv, ensurepip'] }],
  java: [{ command: 'javac', probe: ['-version'] }, { command: 'mvn', probe: ['-version'] }],
  dotnet: [{ command: 'dotnet', probe: ['--list-sdks'] }],
  go: [{ command: 'go', probe: ['version'] }],
};

/** What comes with each, as words for people. */
const NEEDED: Record<Language, string> = {
  js: 'Node.js',
  python: 'Python 3.10 or newer with venv',
  java: 'a JDK of version 17 or newer and Maven',
  dotnet: 'the .NET SDK',
  go: 'Go 1.25 or newer, or one that fetches it (1.21 or newer)',
};

/** The commands of a language's tool chain that this machine does not have. */
export function missingTools(language: Language): string[] {
  return TOOLS[language].filter(({ command, probe }) => spawnSync(command, probe).status !== 0).map(({ command }) => command);
}

/** What to install for a language. */
export function neededFor(language: Language): string {
  return NEEDED[language];
}
