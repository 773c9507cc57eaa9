# Completes release, in zsh: source <(release completion zsh), after compinit
_release() {
    local -a candidates
    # This command only, of all that the line holds, up to where the cursor is.
    candidates=(${(f)"$(${~words[1]} complete-words "${(j: :)words[1,CURRENT-1]} $PREFIX" 2>/dev/null)"})
    if [[ $candidates[1] == :files ]]; then
        compset -P '--*='
        _files
    elif (( $#candidates )); then
        compadd -V release -a candidates
    fi
}
compdef _release release
