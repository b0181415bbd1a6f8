# Completion of byteplus in PowerShell 5.1 and newer.
# Made from the commands themselves by `python -m tests.regenerate`.

Register-ArgumentCompleter -Native -CommandName byteplus -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    # What may follow a command: the words below it, how its arguments complete (`...` repeats the
    # one before), its options, and how the values of those that take one complete.
    $facts = {
        param($path)
        $below = @()
        $takes = @()
        $options = @()
        $valued = @()
        switch -CaseSensitive ($path) {
@facts@
        }
    }

    # What stands behind a name in a list of facts.
    $fact = {
        param($list, $name)
        foreach ($each in $list) {
            if ($each.StartsWith("$name=", 'Ordinal')) { $each.Substring($name.Length + 1) }
        }
    }

    $offer = {
        param($text, $said)
        if (-not $text.StartsWith($current, 'Ordinal')) { return }
        if (-not $said) { $said = $text }
        $typed = "$lead$text"
        # At the start of a word PowerShell takes an @ for its own.
        if ($typed.StartsWith('@')) { $typed = "'$typed'" }
        [System.Management.Automation.CompletionResult]::new($typed, $text, 'ParameterValue', $said)
    }

    $offerAll = {
        param($list)
        foreach ($each in $list) {
            $name, $said = $each -split '=', 2
            & $offer $name $said
        }
    }

    # What only byteplus knows: a line for each value, and after a tab what is said of it.
    $ask = {
        param($what)
        $program = $words[0]
        if (-not (Get-Command $program -ErrorAction SilentlyContinue)) { $program = 'byteplus' }
        try { $lines = & $program __complete "$what/$current" @words 2>$null } catch { return }
        foreach ($line in $lines) {
            $value, $said = $line -split "`t", 2
            & $offer $value $said
        }
    }

    # Where nothing is offered, PowerShell offers paths.
    $offerValues = {
        param($kind)
        if ($kind -in '', 'none', 'files', 'prompt') { return }
        $name, $of = $kind -split ':', 2
        if ($name -eq 'words') {
            foreach ($each in $of -split ',') { & $offer $each '' }
        } elseif ($name -ne 'source') {
            & $ask $kind
        } elseif ($current.StartsWith('@') -or -not (Test-Path "$current*")) {
            & $ask "tasks:$of"
        }
    }

    $current = $wordToComplete.TrimStart('''"'.ToCharArray())
    $lead = ''
    $words = @(
        foreach ($element in $commandAst.CommandElements) {
            $end = $element.Extent.EndOffset
            if ($end -lt $cursorPosition -or ($end -eq $cursorPosition -and -not $wordToComplete)) {
                $element.Extent.Text
            }
        }
    )
    $path = ''
    $count = 0
    $waiting = ''
    $onlyArguments = $false
    . $facts ''
    foreach ($word in @($words | Select-Object -Skip 1)) {
        if ($waiting) {
            $waiting = ''
        } elseif ($onlyArguments) {
            $count++
        } elseif ($word -eq '--') {
            $onlyArguments = $true
        } elseif ($word -like '--*=*') {
            continue
        } elseif ($word -like '-?*') {
            $waiting = & $fact $valued $word
        } elseif (& $fact $below $word) {
            $path = "$path $word".Trim()
            . $facts $path
        } else {
            $count++
        }
    }

    if ($waiting) {
        & $offerValues $waiting
    } elseif (-not $onlyArguments -and $current -like '--*=*') {
        $name, $current = $current -split '=', 2
        $lead = "$name="
        & $offerValues "$(& $fact $valued $name)"
    } elseif (-not $onlyArguments -and $current.StartsWith('-')) {
        & $offerAll $options
    } elseif ($below) {
        if ($count -eq 0) { & $offerAll $below }
    } else {
        $kind = if ($count -lt $takes.Count) { $takes[$count] } elseif ($takes) { $takes[-1] }
        if ($kind -eq '...') { $kind = $takes[-2] }
        if ($kind -and ($takes[-1] -eq '...' -or $count -lt $takes.Count)) {
            & $offerValues $kind
        } else {
            & $offerAll $options
        }
    }
}
