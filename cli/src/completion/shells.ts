export const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const;
export type Shell = typeof SHELLS[number];

export const COMMAND = 'model-store';

/**
 * Passes the line to the command unchanged. Unlike in some completions, nothing in it is evaluated, so a `$(…)` that is
 * only typed never runs. `$2` is the text that readline replaces, which only readline knows: where it starts depends on
 * COMP_WORDBREAKS and on `shopt hostcomplete`. Folders are listed by full path, even if bash starts a word within it
 * (`./model@v1/`). Does not need bash-completion, and works with bash 3.2 on macOS except for what `compopt` does.
 */
const BASH = `# bash completion for ${COMMAND}
_model_store() {
    local line directive=0 out path skip
    COMPREPLY=()
    line=\${COMP_LINE:0:COMP_POINT}
    out=$(command ${COMMAND} complete --line "$line" --replaced "$2" 2>/dev/null </dev/null) || return 0
    while IFS= read -r line; do
        case $line in
            :*) directive=\${line#:} ;;
            ?*) COMPREPLY+=("\${line%%$'\\t'*}") ;;
        esac
    done <<< "$out"
    path=\${COMP_LINE:0:COMP_POINT}
    path=\${path##*[[:space:]]}
    [[ $path == --*=* ]] && path=\${path#*=}
    [[ $path == *[\\"\\'\\\\]* || $path != *"$2" ]] && path=$2
    skip=$(( \${#path} - \${#2} ))
    if (( directive & 16 || (directive == 0 && skip > 0) )); then
        while IFS= read -r line; do
            if (( skip > 0 )) && [[ -d $line ]]; then
                line=$line/
                directive=2
            fi
            COMPREPLY+=("\${line:skip}")
        done < <(if (( directive & 16 )); then compgen -d -- "$path"; else compgen -f -- "$path"; fi)
        (( skip > 0 )) || compopt -o filenames 2>/dev/null
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

/** The completion script of a shell, which calls the hidden command `complete` for candidates. */
export async function scriptOf(shell: Shell): Promise<string> {
  if (shell === 'bash') {
    return BASH;
  }
  const { script } = await import('@bomb.sh/tab');
  // The library prints the script instead of returning it.
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
