"""``completion``: the scripts that let a shell ask ``dplus`` itself what a word can be.

Each hands over the line up to the cursor, and gets a candidate on each line: its kind, its text, and what it means, with tabs
between them. Whatever goes wrong there is nothing to complete, and nothing is said.
"""

from __future__ import annotations

import click

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..state import State

#: Old versions of bash (macOS has 3.2) know neither nosort nor compopt.
_BASH = """\
_dplus_completion() {
    local kind value rest
    COMPREPLY=()
    while IFS=$'\\t' read -r kind value rest; do
        case $kind in
            plain) COMPREPLY+=("$value") ;;
            file) compopt -o default 2>/dev/null ;;
            dir) compopt -o dirnames 2>/dev/null ;;
        esac
    done < <(_DPLUS_COMPLETE=bash_complete _DPLUS_LINE="${COMP_LINE:0:$COMP_POINT}" \\
        _DPLUS_BREAKS="$COMP_WORDBREAKS" "$1" 2>/dev/null)
}

complete -o nosort -F _dplus_completion dplus 2>/dev/null || complete -F _dplus_completion dplus
"""
_ZSH = """\
#compdef dplus

_dplus_completion() {
    local kind value help
    local -a values shown
    while IFS=$'\\t' read -r kind value help; do
        case $kind in
            plain) values+=("$value"); shown+=("$value${help:+  -- $help}") ;;
            file) compset -P '*[=@]'; _files ;;
            dir) compset -P '*='; _files -/ ;;
        esac
    done < <(_DPLUS_COMPLETE=zsh_complete _DPLUS_WORDS="${(F)${(@Q)words[1,CURRENT]}}" \\
        ${words[1]} 2>/dev/null)
    if (( $#values )); then
        compadd -U -V dplus -l -d shown -a values
    fi
}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _dplus_completion "$@"
else
    compdef _dplus_completion dplus
fi
"""
_FISH = """\
function _dplus_completion
    set -l words (commandline -opc)
    set -l typed (commandline -cp)
    set -l answer (env _DPLUS_COMPLETE=fish_complete _DPLUS_LINE="$typed" $words[1] 2>/dev/null)
    for line in $answer
        set -l part (string split \\t -- $line)
        switch $part[1]
            case plain
                string join \\t -- $part[2..]
            case file
                for path in (__fish_complete_path (string replace -r '^(-[^=]*=)?@?' '' -- (commandline -ct)))
                    echo -- $part[2]$path
                end
            case dir
                for path in (__fish_complete_directories (string replace -r '^-[^=]*=' '' -- (commandline -ct)))
                    echo -- $part[2]$path
                end
        end
    end
end

complete --command dplus --no-files --keep-order --arguments '(_dplus_completion)'
"""
SCRIPTS = {"bash": _BASH, "zsh": _ZSH, "fish": _FISH}


def script(_state: State, _entry: dict[str, Any], values: dict[str, Any]) -> None:
    """Print the script of a shell.

    Raises:
        click.UsageError: There is none for it.
    """
    from ..printing.output import put

    shell = values["shell"]
    if shell not in SCRIPTS:
        raise click.UsageError(f"unknown shell {shell!r}; choose from {', '.join(SCRIPTS)}")
    put(SCRIPTS[shell])
