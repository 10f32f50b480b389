/** What a script does with the files that it generates. Both return problems, one text each. */
export interface Generated {
  check(): readonly string[];
  write(): readonly string[];
}

/** Writes the files, or with `--check` reports what is out of date; prints problems and sets the exit code. */
export function checkOrWrite(words: readonly string[], { check, write }: Generated): void {
  const unknown = words.filter((word) => word !== '--check');
  const problems = unknown.length > 0 ? unknown.map((word) => `Unknown option "${word}"; the only option is --check.`)
    : words.includes('--check') ? check() : write();
  problems.forEach((problem) => console.error(problem));
  process.exitCode = problems.length === 0 ? 0 : 1;
}
