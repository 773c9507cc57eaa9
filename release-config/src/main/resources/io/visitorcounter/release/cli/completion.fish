# Completes release, in fish: release completion fish > ~/.config/fish/completions/release.fish
function __release_words
    set -l candidates (release complete-words (commandline -cp) 2>/dev/null)
    if test (count $candidates) -gt 0
        printf '%s\n' $candidates
    else
        __fish_complete_path (commandline -ct)
    end
end
complete -c release -f -k -a '(__release_words)'
