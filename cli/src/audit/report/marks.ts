/** What each mark means. */
export const MARKS: readonly (readonly [mark: string, meaning: string])[] = [
  ['high', 'Models or evidence may be lost, or cannot be trusted. Investigate today.'],
  ['medium', 'Unusual, or the attribution is uncertain. There may be a legitimate reason: ask the people concerned.'],
  ['notice', 'Useful context for the other findings. No action is needed unless it surprises you.'],
  ['not checked', 'Evidence or a setting is missing. This does not mean that nothing happened.'],
  ['nothing found', 'The relevant evidence was read, and shows no sign of it.'],
];
