# Completes release, in bash: source <(release completion bash)
_release() {
    local line=${COMP_LINE:0:COMP_POINT} word head
    word=${line##*[[:space:]]}
    # Bash takes what follows one of these for a word of its own, and replaces no more than that.
    head=${word%"${word##*[@=:]}"}
    local IFS=$'\n'
    COMPREPLY=($("$1" complete-words "$line" 2>/dev/null))
    if [ "${COMPREPLY[0]}" = :files ]; then
        COMPREPLY=()
    elif [ ${#COMPREPLY[@]} -eq 0 ]; then
        # Nothing fits, and no file does. Bash 3 offers files all the same.
        compopt +o default 2>/dev/null
    else
        COMPREPLY=("${COMPREPLY[@]#"$head"}")
    fi
}
complete -o default -o nosort -F _release release 2>/dev/null || complete -o default -F _release release
