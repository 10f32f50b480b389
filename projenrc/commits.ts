/** What a commit, or the title of a pull request, may begin with, and where it stands in the changelog: nowhere without a section. */
export const COMMIT_TYPES: readonly { readonly type: string; readonly section?: string }[] = [
  { type: 'feat', section: 'Features' },
  { type: 'fix', section: 'Bug fixes' },
  { type: 'perf', section: 'Faster or smaller' },
  { type: 'revert', section: 'Taken back' },
  { type: 'docs' },
  { type: 'test' },
  { type: 'refactor' },
  { type: 'style' },
  { type: 'build' },
  { type: 'ci' },
  { type: 'chore' },
];

/** What only contributors meet: no changelog tells users of it. */
export const CONTRIBUTORS_SCOPES = ['bench', 'demo', 'integ', 'local', 'release', 'test'];

const HIDDEN = 'hidden';

/** The format of https://github.com/conventional-changelog/conventional-changelog-config-spec; the first entry that fits decides. */
export const CHANGELOG_TYPES = [
  ...COMMIT_TYPES.filter(({ section }) => section !== undefined)
    .flatMap(({ type }) => CONTRIBUTORS_SCOPES.map((scope) => ({ type, scope, effect: HIDDEN }))),
  ...COMMIT_TYPES.map(({ type, section }) => (section === undefined ? { type, effect: HIDDEN } : { type, section })),
];

/** Without a tag the version is 0.0.0, and the first release shall not be called so. */
export const NEXT_VERSION_COMMAND = 'node -p "process.env.VERSION === \'0.0.0\' ? \'0.1.0\' : \'\'"';

/** A release that no user would notice is none: something they meet has changed, or something breaks. */
export const RELEASABLE_COMMITS = [
  'git log --no-merges --oneline $LATEST_TAG..HEAD -E',
  `--grep '^(${COMMIT_TYPES.filter(({ section }) => section !== undefined).map(({ type }) => type).join('|')})(\\([^()]+\\))?!?: '`,
  "--grep '^[a-z]+(\\([^()]+\\))?!: '",
  "--grep '^BREAKING CHANGE: '",
].join(' ');
