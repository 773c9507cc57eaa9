# Completes release, in zsh: source <(release completion zsh), after compinit
_release() {
    local -a candidates
    candidates=(${(f)"$($words[1] complete-words "$LBUFFER" 2>/dev/null)"})
    if (( $#candidates )); then
        compadd -V release -a candidates
    else
        _files
    fi
}
compdef _release release
