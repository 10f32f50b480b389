/**
 * Types of commits and pull request titles, and their section in the changelog. Types without a section are omitted.
 */
export const COMMIT_TYPES: readonly { readonly type: string; readonly section?: string }[] = [
  { type: 'feat', section: 'Features' },
  { type: 'fix', section: 'Bug fixes' },
  { type: 'perf', section: 'Faster or smaller' },
  { type: 'revert', section: 'Reverted' },
  { type: 'docs' },
  { type: 'test' },
  { type: 'refactor' },
  { type: 'style' },
  { type: 'build' },
  { type: 'ci' },
  { type: 'chore' },
];

/** Scopes that only concern contributors and are omitted from the changelog. */
export const CONTRIBUTORS_SCOPES = ['bench', 'demo', 'integ', 'local', 'release', 'test'];

/**
 * See https://github.com/conventional-changelog/conventional-changelog-config-spec. The first matching entry applies.
 */
export const CHANGELOG_TYPES = [
  ...COMMIT_TYPES.filter(({ section }) => section !== undefined)
    .flatMap(({ type }) => CONTRIBUTORS_SCOPES.map((scope) => ({ type, scope, hidden: true }))),
  ...COMMIT_TYPES.map(({ type, section }) => (section === undefined ? { type, hidden: true } : { type, section })),
];

/** Without a tag, the version is 0.0.0, which must not be the version of the first release. */
export const NEXT_VERSION_COMMAND = 'node -p "process.env.VERSION === \'0.0.0\' ? \'0.1.0\' : \'\'"';

const RELEASED_TYPES = COMMIT_TYPES.filter(({ section }) => section !== undefined).map(({ type }) => type);

/** Commits that justify a release: changes that affect users, or breaking changes. */
export const RELEASABLE_COMMITS = [
  'git log --no-merges --oneline $LATEST_TAG..HEAD -E',
  `--grep '^(${RELEASED_TYPES.join('|')})(\\([^()]+\\))?!?: '`,
  "--grep '^[a-z]+(\\([^()]+\\))?!: '",
  "--grep '^BREAKING CHANGE: '",
].join(' ');
