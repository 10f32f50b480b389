/**
 * Names of files and folders that tools look for in the folder that someone opens, enters or builds, and that can
 * contain commands which the tool then runs. In lower case. Names that do nothing on their own, such as
 * `.gitattributes` or `.env`, are not listed.
 */
export const TOOL_FILES: readonly { readonly tools: string; readonly names: readonly string[] }[] = [
  {
    tools: 'version control systems',
    names: ['.hg', '.svn', '.bzr', '.jj', '.sl', '.pijul', '_darcs', '.fslckout', '_fossil_'],
  },
  {
    tools: 'editors and coding assistants',
    names: [
      '.vscode', '.vscode-insiders', '.idea', '.fleet', '.vs', '.zed', '.nova', '.theia', '.devcontainer',
      '.devcontainer.json', '.gitpod.yml', '.exrc', '.nvimrc', '.nvim.lua', '.lvimrc', '.dir-locals.el',
      '.dir-locals-2.el', '.cursor', '.windsurf', '.claude', '.codex', '.gemini', '.mcp.json',
    ],
  },
  {
    tools: 'shells',
    names: ['.envrc', '.mise.toml', '.mise', '.autoenv', '.autoenv.zsh'],
  },
  {
    tools: 'interpreters and debuggers',
    names: ['.rprofile', '.renviron', '.rdata', '.irbrc', '.pryrc', '.pdbrc', '.gdbinit', '.lldbinit', '.octaverc'],
  },
  {
    tools: 'build tools and package managers',
    names: ['.cargo', '.yarn', '.yarnrc', '.yarnrc.yml', '.pnpmfile.cjs', '.npmrc', '.bazelrc', '.terraform'],
  },
  {
    tools: 'CI services and managers of Git hooks',
    names: [
      '.github', '.gitlab', '.gitlab-ci.yml', '.gitea', '.forgejo', '.circleci', '.buildkite', '.drone.yml',
      '.travis.yml', '.woodpecker', '.woodpecker.yml', '.cirrus.yml', '.semaphore', '.teamcity', '.azure-pipelines',
      'azure-pipelines.yml', 'bitbucket-pipelines.yml', '.appveyor.yml', 'appveyor.yml', 'jenkinsfile', '.husky',
      '.lefthook', '.lefthook.yml', 'lefthook.yml', '.pre-commit-config.yaml',
    ],
  },
];
