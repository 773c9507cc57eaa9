# Completes release, in fish: release completion fish > ~/.config/fish/completions/release.fish
function __release_words
    # The words of this command, without variables before it.
    set -l words (commandline -opc)
    while string match -qr '^\w+=' -- $words[1]
        set -e words[1]
    end
    set -l token (commandline -ct)
    set -l candidates ($words[1] complete-words "$words $token" 2>/dev/null)
    if test "$candidates[1]" = :files
        set -l option (string match -r '^--[a-z-]+=' -- $token)
        for path in (__fish_complete_path (string replace -r '^--[a-z-]+=' '' -- $token))
            echo "$option$path"
        end
    else if test (count $candidates) -gt 0
        printf '%s\n' $candidates
    end
end
complete -c release -f -k -a '(__release_words)'
