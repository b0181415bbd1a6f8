# Completion of byteplus in fish.
# Made from the commands themselves by `python -m tests.regenerate`.

# What may follow a command: the words below it, how its arguments complete (`...` repeats the
# one before), its options, and how the values of those that take one complete.
function __byteplus_facts --no-scope-shadowing
    set below
    set takes
    set options
    set valued
    switch "$argv"
@facts@
    end
end

function __byteplus_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct | string replace -r '^["\']' '')
    set -l below
    set -l takes
    set -l options
    set -l valued
    set -l path
    set -l count 0
    set -l waiting
    set -l only_arguments
    __byteplus_facts
    for word in $words[2..-1]
        if set -q waiting[1]
            set waiting
        else if set -q only_arguments[1]
            set count (math $count + 1)
        else if test "$word" = --
            set only_arguments yes
        else if string match -qr '^--.*=|^-.' -- "$word"
            set waiting (__byteplus_kind $word)
        else if string match -q -- "$word"\t'*' $below
            set -a path $word
            __byteplus_facts $path
        else
            set count (math $count + 1)
        end
    end
    if set -q waiting[1]
        __byteplus_value $waiting ''
    else if set -q only_arguments[1]
        __byteplus_argument
    else if string match -qr '^--.*=' -- "$current"
        set -l option (string replace -r '=.*' '' -- "$current")
        set current (string replace -r '^[^=]*=' '' -- "$current")
        __byteplus_value (__byteplus_kind $option; or echo none) $option=
    else if string match -q -- '-*' "$current"
        printf '%s\n' $options
    else
        __byteplus_argument
    end
end

# How the value of an option completes; nothing for an option without one.
function __byteplus_kind --no-scope-shadowing
    string replace -f -- "$argv=" '' $valued
end

function __byteplus_argument --no-scope-shadowing
    if set -q below[1]
        test $count -eq 0; and printf '%s\n' $below
        return
    end
    set -l kind
    for each in $takes
        if test $each = ...
            set count 0
        else
            set kind $each
        end
        if test $count -eq 0
            __byteplus_value $kind ''
            return
        end
        set count (math $count - 1)
    end
    printf '%s\n' $options
end

# Values of a kind, each after what already stands in the same word.
function __byteplus_value --no-scope-shadowing
    set -l lead $argv[2]
    switch $argv[1]
        case none
        case files
            __byteplus_files "$current"
        case prompt
            if string match -q '@*' -- "$current"
                set lead $lead@
                __byteplus_files (string sub -s 2 -- "$current")
            end
        case 'source:*'
            if string match -q '@*' -- "$current"; or not __byteplus_files "$current"
                __byteplus_ask (string replace source: tasks: $argv[1])
            end
        case 'words:*'
            for each in (string split , (string replace words: '' $argv[1]))
                echo $lead$each
            end
        case '*'
            __byteplus_ask $argv[1]
    end
end

# What only byteplus knows: a line for each value, and after a tab what is said of it.
function __byteplus_ask --no-scope-shadowing
    set -l program $words[1]
    type -q $program; or set program byteplus
    for each in (command $program __complete "$argv/$current" $words 2>/dev/null </dev/null)
        echo $lead$each
    end
end

function __byteplus_files --no-scope-shadowing
    set -l found (__fish_complete_path "$argv")
    for each in $found
        echo $lead$each
    end
    set -q found[1]
end

complete -c byteplus -f -k -a '(__byteplus_complete)'
