export const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const;
export type Shell = typeof SHELLS[number];

export const COMMAND = 'model-store';

/**
 * The line goes to the command as it stands: nothing of it is evaluated, as some completions do, so that a `$(…)` that is only
 * typed is never run. Needs no bash-completion, and works with the bash 3.2 of macOS, but for what `compopt` does.
 */
const BASH = `# bash completion for ${COMMAND}
_model_store() {
    local line directive=0 out
    COMPREPLY=()
    out=$(command ${COMMAND} complete --line "\${COMP_LINE:0:COMP_POINT}" --breaks "$COMP_WORDBREAKS" 2>/dev/null </dev/null) || return 0
    while IFS= read -r line; do
        case $line in
            :*) directive=\${line#:} ;;
            ?*) COMPREPLY+=("\${line%%$'\\t'*}") ;;
        esac
    done <<< "$out"
    if (( directive & 16 )); then
        while IFS= read -r line; do
            COMPREPLY+=("$line")
        done < <(compgen -d -- "\${COMP_WORDS[COMP_CWORD]}")
        compopt -o filenames 2>/dev/null
    elif (( directive & 4 )); then
        compopt +o default 2>/dev/null
    fi
    if (( directive & 2 )); then
        compopt -o nospace 2>/dev/null
    fi
    return 0
}
complete -o default -F _model_store ${COMMAND}
`;

/** What a shell reads in order to ask the hidden command \`complete\` for candidates. */
export async function scriptOf(shell: Shell): Promise<string> {
  if (shell === 'bash') {
    return BASH;
  }
  const { script } = await import('@bomb.sh/tab');
  // It prints, and gives nothing back.
  const { log } = console;
  let text = '';
  console.log = (piece: string) => { text += `${piece}\n`; };
  try {
    script(shell, COMMAND, COMMAND);
  } finally {
    console.log = log;
  }
  return text;
}
