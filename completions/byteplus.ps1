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
            '' {
                $below = @(
                    'video=Make clips from a prompt, and look after their tasks',
                    'image=Make pictures from a prompt, or from other pictures',
                    'avatar=Make a portrait speak or sing a sound file',
                    'batch=Many jobs from one manifest',
                    'rescue=Save whatever is finished and not on disk yet',
                    'history=What this machine has made, where it is, and what it cost',
                    'models=What each model can do, its limits, price and state',
                    'webhook=Receive callbacks, and send a test one',
                    'doctor=Check disk, ledger, network, clock, keys and models',
                    'config=Keys, profiles and defaults',
                    'sandbox=The offline BytePlus, for learning, tests and CI',
                    'completion=Print the completion script of a shell',
                    'help=Guides: exit codes, templates, prompts, batches, CI, errors'
                )
                $options = @(
                    '-V=Show the version',
                    '--version=Show the version',
                    '-h=Show this message and exit',
                    '--help=Show this message and exit'
                )
            }
            'video' {
                $below = @(
                    'create=Make one clip: submit, wait, save, and print the path',
                    'draft=Make a cheap 480p preview; `finalize` makes the full clip from it for 7 days',
                    'finalize=Make the full 1080p clip of a draft; prompt, media, length and seed stay the draft''s',
                    'chain=Make several clips, each starting where the one before ends, and join them',
                    'get=Look at tasks, and save what is finished and not saved yet',
                    'list=The account''s tasks of the last 7 days, and what this machine knows of them',
                    'cancel=Cancel tasks that are still queued; a running task cannot be cancelled',
                    'delete=Remove the records of finished tasks from the server; saved files stay'
                )
                $options = @(
                    '-h=Show this message and exit',
                    '--help=Show this message and exit'
                )
            }
            'video create' {
                $takes = @(
                    'prompt'
                )
                $options = @(
                    '-m=A short name such as seedance-2.0, a full id, or ep-...',
                    '--model=A short name such as seedance-2.0, a full id, or ep-...',
                    '-i=The first frame: a path, https://, data: or asset:// URL, or a task for its last frame',
                    '--image=The first frame: a path, https://, data: or asset:// URL, or a task for its last frame',
                    '--first-frame=The first frame: a path, https://, data: or asset:// URL, or a task for its last frame',
                    '--last-frame=The last frame; needs --image',
                    '--ref-image=A picture to go by (Seedance 2.x); repeatable',
                    '--ref-video=A video to go by: a link, a task, or a path, which is put into your storage; repeatable',
                    '--ref-audio=A sound to go by; repeatable',
                    '--resolution=As the model allows',
                    '-r=16:9, 4:3, 1:1, 3:4, 9:16, 21:9 or adaptive',
                    '--ratio=16:9, 4:3, 1:1, 3:4, 9:16, 21:9 or adaptive',
                    '-d=Whole seconds; -1 lets a newer model choose',
                    '--duration=Whole seconds; -1 lets a newer model choose',
                    '--frames=Length in frames at 24 a second: 29, 33, ... 289',
                    '--seed=Same seed, similar clip; one is chosen if none',
                    '--count=The same N times, each with another seed; made and saved together',
                    '--camera-fixed=Keep the camera still',
                    '--no-camera-fixed=The opposite of --camera-fixed',
                    '--audio=A clip with sound or without',
                    '--no-audio=The opposite of --audio',
                    '--watermark="AI generated" in a corner',
                    '--no-watermark=The opposite of --watermark',
                    '--save-last-frame=Save the last frame as a picture too',
                    '--no-save-last-frame=The opposite of --save-last-frame',
                    '--format=The file format (Seedance 2.5)',
                    '--task-type=auto, reference, edit or extend (Seedance 2.5)',
                    '--priority=Higher starts sooner (Seedance 2.x)',
                    '--flex=Offline inference: half the price, and slow',
                    '--no-flex=The opposite of --flex',
                    '--expires-after=Give up if not done by then: 1h to 72h',
                    '--callback-url=Where the service reports each change',
                    '--safety-id=A hash of your end user, for abuse reports',
                    '--extra=Any other body field, sent as it is; repeatable',
                    '--max-cost=Refuse what may cost more',
                    '-n=Show the request and its price; send nothing, need no key',
                    '--dry-run=Show the request and its price; send nothing, need no key',
                    '--as=How --dry-run shows the request',
                    '--wait=Wait and save; or print the task id and leave',
                    '--no-wait=The opposite of --wait',
                    '--timeout=Stop waiting after 90, 10m or 1h30m; 0 never',
                    '-o=A file, a folder ending in /, or a template such as {slug}-{id8}.{ext}',
                    '--output=A file, a folder ending in /, or a template such as {slug}-{id8}.{ext}',
                    '--overwrite=Replace a different file of that name',
                    '--keep=Leave what is uploaded in storage; else it goes once the clip is saved',
                    '--no-keep=The opposite of --keep',
                    '-p=The profile to use; `sandbox` is free and offline',
                    '--profile=The profile to use; `sandbox` is free and offline',
                    '--json=One JSON document on stdout',
                    '-q=No progress and no notices',
                    '--quiet=No progress and no notices',
                    '-v=Tell of each request',
                    '--verbose=Tell of each request',
                    '--progress=plain: no animation, a line for each change, as a screen reader reads it',
                    '--notify=Ring, and notify where the terminal can, after a wait of over 20 s',
                    '--no-notify=The opposite of --notify',
                    '--preview=Show what is saved as a small picture, in terminals that can',
                    '--no-preview=The opposite of --preview',
                    '--open=Open the first file that is saved, as a double click would',
                    '-h=Show this message and exit',
                    '--help=Show this message and exit'
                )
                $valued = @(
                    '-m=models:video',
                    '--model=models:video',
                    '-i=source:any',
                    '--image=source:any',
                    '--first-frame=source:any',
                    '--last-frame=source:any',
                    '--ref-image=source:any',
                    '--ref-video=source:any',
                    '--ref-audio=files',
                    '--resolution=resolutions:video',
                    '-r=ratios:video',
                    '--ratio=ratios:video',
                    '-d=none',
                    '--duration=none',
                    '--frames=none',
                    '--seed=none',
                    '--count=none',
                    '--format=words:mp4,mov',
                    '--task-type=words:auto,reference,edit,extend',
                    '--priority=none',
                    '--expires-after=none',
                    '--callback-url=none',
                    '--safety-id=none',
                    '--extra=none',
                    '--max-cost=none',
                    '--as=words:json,curl',
                    '--timeout=none',
                    '-o=files',
                    '--output=files',
                    '-p=profiles',
                    '--profile=profiles',
                    '--progress=words:auto,plain'
                )
            }
            'video draft' {
                $takes = @(
                    'prompt'
                )
                $options = @(
                    '-m=A short name such as seedance-2.0, a full id, or ep-...',
                    '--model=A short name such as seedance-2.0, a full id, or ep-...',
                    '-i=The first frame: a path, https://, data: or asset:// URL, or a task for its last frame',
                    '--image=The first frame: a path, https://, data: or asset:// URL, or a task for its last frame',
                    '--first-frame=The first frame: a path, https://, data: or asset:// URL, or a task for its last frame',
                    '--last-frame=The last frame; needs --image',
                    '--ref-image=A picture to go by (Seedance 2.x); repeatable',
                    '--ref-video=A video to go by: a link, a task, or a path, which is put into your storage; repeatable',
                    '--ref-audio=A sound to go by; repeatable',
                    '--resolution=As the model allows',
                    '-r=16:9, 4:3, 1:1, 3:4, 9:16, 21:9 or adaptive',
                    '--ratio=16:9, 4:3, 1:1, 3:4, 9:16, 21:9 or adaptive',
                    '-d=Whole seconds; -1 lets a newer model choose',
                    '--duration=Whole seconds; -1 lets a newer model choose',
                    '--frames=Length in frames at 24 a second: 29, 33, ... 289',
                    '--seed=Same seed, similar clip; one is chosen if none',
                    '--camera-fixed=Keep the camera still',
                    '--no-camera-fixed=The opposite of --camera-fixed',
                    '--audio=A clip with sound or without',
                    '--no-audio=The opposite of --audio',
                    '--watermark="AI generated" in a corner',
                    '--no-watermark=The opposite of --watermark',
                    '--save-last-frame=Save the last frame as a picture too',
                    '--no-save-last-frame=The opposite of --save-last-frame',
                    '--format=The file format (Seedance 2.5)',
                    '--task-type=auto, reference, edit or extend (Seedance 2.5)',
                    '--priority=Higher starts sooner (Seedance 2.x)',
                    '--flex=Offline inference: half the price, and slow',
                    '--no-flex=The opposite of --flex',
                    '--expires-after=Give up if not done by then: 1h to 72h',
                    '--callback-url=Where the service reports each change',
                    '--safety-id=A hash of your end user, for abuse reports',
                    '--extra=Any other body field, sent as it is; repeatable',
                    '--max-cost=Refuse what may cost more',
                    '-n=Show the request and its price; send nothing, need no key',
                    '--dry-run=Show the request and its price; send nothing, need no key',
                    '--as=How --dry-run shows the request',
                    '--wait=Wait and save; or print the task id and leave',
                    '--no-wait=The opposite of --wait',
                    '--timeout=Stop waiting after 90, 10m or 1h30m; 0 never',
                    '-o=A file, a folder ending in /, or a template such as {slug}-{id8}.{ext}',
                    '--output=A file, a folder ending in /, or a template such as {slug}-{id8}.{ext}',
                    '--overwrite=Replace a different file of that name',
                    '--keep=Leave what is uploaded in storage; else it goes once the clip is saved',
                    '--no-keep=The opposite of --keep',
                    '-p=The profile to use; `sandbox` is free and offline',
                    '--profile=The profile to use; `sandbox` is free and offline',
                    '--json=One JSON document on stdout',
                    '-q=No progress and no notices',
                    '--quiet=No progress and no notices',
                    '-v=Tell of each request',
                    '--verbose=Tell of each request',
                    '--progress=plain: no animation, a line for each change, as a screen reader reads it',
                    '--notify=Ring, and notify where the terminal can, after a wait of over 20 s',
                    '--no-notify=The opposite of --notify',
                    '--preview=Show what is saved as a small picture, in terminals that can',
                    '--no-preview=The opposite of --preview',
                    '--open=Open the first file that is saved, as a double click would',
                    '-h=Show this message and exit',
                    '--help=Show this message and exit'
                )
                $valued = @(
                    '-m=models:video',
                    '--model=models:video',
                    '-i=source:any',
                    '--image=source:any',
                    '--first-frame=source:any',
                    '--last-frame=source:any',
                    '--ref-image=source:any',
                    '--ref-video=source:any',
                    '--ref-audio=files',
                    '--resolution=resolutions:video',
                    '-r=ratios:video',
                    '--ratio=ratios:video',
                    '-d=none',
                    '--duration=none',
                    '--frames=none',
                    '--seed=none',
                    '--format=words:mp4,mov',
                    '--task-type=words:auto,reference,edit,extend',
                    '--priority=none',
                    '--expires-after=none',
                    '--callback-url=none',
                    '--safety-id=none',
                    '--extra=none',
                    '--max-cost=none',
                    '--as=words:json,curl',
                    '--timeout=none',
                    '-o=files',
                    '--output=files',
                    '-p=profiles',
                    '--profile=profiles',
                    '--progress=words:auto,plain'
                )
            }
            'video finalize' {
                $takes = @(
                    'drafts:video'
                )
                $options = @(
                    '--resolution=As the model allows',
                    '--watermark="AI generated" in a corner',
                    '--no-watermark=The opposite of --watermark',
                    '--save-last-frame=Save the last frame as a picture too',
                    '--no-save-last-frame=The opposite of --save-last-frame',
                    '--format=The file format (Seedance 2.5)',
                    '--priority=Higher starts sooner (Seedance 2.x)',
                    '--expires-after=Give up if not done by then: 1h to 72h',
                    '--callback-url=Where the service reports each change',
                    '--safety-id=A hash of your end user, for abuse reports',
                    '--extra=Any other body field, sent as it is; repeatable',
                    '--max-cost=Refuse what may cost more',
                    '-n=Show the request and its price; send nothing, need no key',
                    '--dry-run=Show the request and its price; send nothing, need no key',
                    '--as=How --dry-run shows the request',
                    '--wait=Wait and save; or print the task id and leave',
                    '--no-wait=The opposite of --wait',
                    '--timeout=Stop waiting after 90, 10m or 1h30m; 0 never',
                    '-o=A file, a folder ending in /, or a template such as {slug}-{id8}.{ext}',
                    '--output=A file, a folder ending in /, or a template such as {slug}-{id8}.{ext}',
                    '--overwrite=Replace a different file of that name',
                    '-p=The profile to use; `sandbox` is free and offline',
                    '--profile=The profile to use; `sandbox` is free and offline',
                    '--json=One JSON document on stdout',
                    '-q=No progress and no notices',
                    '--quiet=No progress and no notices',
                    '-v=Tell of each request',
                    '--verbose=Tell of each request',
                    '--progress=plain: no animation, a line for each change, as a screen reader reads it',
                    '--notify=Ring, and notify where the terminal can, after a wait of over 20 s',
                    '--no-notify=The opposite of --notify',
                    '--preview=Show what is saved as a small picture, in terminals that can',
                    '--no-preview=The opposite of --preview',
                    '--open=Open the first file that is saved, as a double click would',
                    '-h=Show this message and exit',
                    '--help=Show this message and exit'
                )
                $valued = @(
                    '--resolution=words:480p,720p,1080p,4k',
                    '--format=words:mp4,mov',
                    '--priority=none',
                    '--expires-after=none',
                    '--callback-url=none',
                    '--safety-id=none',
                    '--extra=none',
                    '--max-cost=none',
                    '--as=words:json,curl',
                    '--timeout=none',
                    '-o=files',
                    '--output=files',
                    '-p=profiles',
                    '--profile=profiles',
                    '--progress=words:auto,plain'
                )
            }
            'video chain' {
                $takes = @(
                    'prompt',
                    '...'
                )
                $options = @(
                    '-m=A short name such as seedance-2.0, a full id, or ep-...',
                    '--model=A short name such as seedance-2.0, a full id, or ep-...',
                    '-i=The first frame: a path, https://, data: or asset:// URL, or a task for its last frame',
                    '--image=The first frame: a path, https://, data: or asset:// URL, or a task for its last frame',
                    '--first-frame=The first frame: a path, https://, data: or asset:// URL, or a task for its last frame',
                    '--resolution=As the model allows',
                    '-r=16:9, 4:3, 1:1, 3:4, 9:16, 21:9 or adaptive',
                    '--ratio=16:9, 4:3, 1:1, 3:4, 9:16, 21:9 or adaptive',
                    '-d=Whole seconds; -1 lets a newer model choose',
                    '--duration=Whole seconds; -1 lets a newer model choose',
                    '--frames=Length in frames at 24 a second: 29, 33, ... 289',
                    '--seed=Same seed, similar clip; one is chosen if none',
                    '--camera-fixed=Keep the camera still',
                    '--no-camera-fixed=The opposite of --camera-fixed',
                    '--audio=A clip with sound or without',
                    '--no-audio=The opposite of --audio',
                    '--watermark="AI generated" in a corner',
                    '--no-watermark=The opposite of --watermark',
                    '--priority=Higher starts sooner (Seedance 2.x)',
                    '--flex=Offline inference: half the price, and slow',
                    '--no-flex=The opposite of --flex',
                    '--expires-after=Give up if not done by then: 1h to 72h',
                    '--safety-id=A hash of your end user, for abuse reports',
                    '--extra=Any other body field, sent as it is; repeatable',
                    '--join=One film, or the clips alone',
                    '--no-join=The opposite of --join',
                    '--drop-seam=Leave out the frame that two clips share',
                    '--resume=Go on with a chain, paying only for what is missing',
                    '--prompt=With --resume: another prompt for clip N',
                    '--max-cost=Refuse what may cost more',
                    '-n=Show the request and its price; send nothing, need no key',
                    '--dry-run=Show the request and its price; send nothing, need no key',
                    '--as=How --dry-run shows the request',
                    '--timeout=Stop waiting after 90, 10m or 1h30m; 0 never',
                    '-o=A file, a folder ending in /, or a template such as {slug}-{id8}.{ext}',
                    '--output=A file, a folder ending in /, or a template such as {slug}-{id8}.{ext}',
                    '--overwrite=Replace a different file of that name',
                    '-p=The profile to use; `sandbox` is free and offline',
                    '--profile=The profile to use; `sandbox` is free and offline',
                    '--json=One JSON document on stdout',
                    '-q=No progress and no notices',
                    '--quiet=No progress and no notices',
                    '-v=Tell of each request',
                    '--verbose=Tell of each request',
                    '--progress=plain: no animation, a line for each change, as a screen reader reads it',
                    '--notify=Ring, and notify where the terminal can, after a wait of over 20 s',
                    '--no-notify=The opposite of --notify',
                    '--preview=Show what is saved as a small picture, in terminals that can',
                    '--no-preview=The opposite of --preview',
                    '--open=Open the first file that is saved, as a double click would',
                    '-h=Show this message and exit',
                    '--help=Show this message and exit'
                )
                $valued = @(
                    '-m=models:video',
                    '--model=models:video',
                    '-i=source:any',
                    '--image=source:any',
                    '--first-frame=source:any',
                    '--resolution=resolutions:video',
                    '-r=ratios:video',
                    '--ratio=ratios:video',
                    '-d=none',
                    '--duration=none',
                    '--frames=none',
                    '--seed=none',
                    '--priority=none',
                    '--expires-after=none',
                    '--safety-id=none',
                    '--extra=none',
                    '--resume=chains',
                    '--prompt=none',
                    '--max-cost=none',
                    '--as=words:json,curl',
                    '--timeout=none',
                    '-o=files',
                    '--output=files',
                    '-p=profiles',
                    '--profile=profiles',
                    '--progress=words:auto,plain'
                )
            }
            'video get' {
                $takes = @(
                    'tasks:video',
                    '...'
                )
                $options = @(
                    '--wait=Follow to the end, then save',
                    '--no-wait=The opposite of --wait',
                    '--timeout=Stop waiting after 90, 10m or 1h30m; 0 never',
                    '-o=A file, a folder ending in /, or a template such as {slug}-{id8}.{ext}',
                    '--output=A file, a folder ending in /, or a template such as {slug}-{id8}.{ext}',
                    '--overwrite=Replace a different file of that name',
                    '-p=The profile to use; `sandbox` is free and offline',
                    '--profile=The profile to use; `sandbox` is free and offline',
                    '--json=One JSON document on stdout',
                    '-q=No progress and no notices',
                    '--quiet=No progress and no notices',
                    '-v=Tell of each request',
                    '--verbose=Tell of each request',
                    '--progress=plain: no animation, a line for each change, as a screen reader reads it',
                    '--notify=Ring, and notify where the terminal can, after a wait of over 20 s',
                    '--no-notify=The opposite of --notify',
                    '--preview=Show what is saved as a small picture, in terminals that can',
                    '--no-preview=The opposite of --preview',
                    '--open=Open the first file that is saved, as a double click would',
                    '-h=Show this message and exit',
                    '--help=Show this message and exit'
                )
                $valued = @(
                    '--timeout=none',
                    '-o=files',
                    '--output=files',
                    '-p=profiles',
                    '--profile=profiles',
                    '--progress=words:auto,plain'
                )
            }
            'video list' {
                $options = @(
                    '-n=At most so many',
                    '--limit=At most so many',
                    '--status=queued, running, succeeded, failed, ...',
                    '-m=Those of one model',
                    '--model=Those of one model',
                    '--flex=Those of offline inference',
                    '--no-flex=The opposite of --flex',
                    '-p=The profile to use; `sandbox` is free and offline',
                    '--profile=The profile to use; `sandbox` is free and offline',
                    '--json=One JSON document on stdout',
                    '-q=No progress and no notices',
                    '--quiet=No progress and no notices',
                    '-v=Tell of each request',
                    '--verbose=Tell of each request',
                    '-h=Show this message and exit',
                    '--help=Show this message and exit'
                )
                $valued = @(
                    '-n=none',
                    '--limit=none',
                    '--status=words:queued,running,succeeded,failed,cancelled,expired',
                    '-m=models:video',
                    '--model=models:video',
                    '-p=profiles',
                    '--profile=profiles'
                )
            }
            'video cancel' {
                $takes = @(
                    'queued:video',
                    '...'
                )
                $options = @(
                    '-p=The profile to use; `sandbox` is free and offline',
                    '--profile=The profile to use; `sandbox` is free and offline',
                    '--json=One JSON document on stdout',
                    '-q=No progress and no notices',
                    '--quiet=No progress and no notices',
                    '-v=Tell of each request',
                    '--verbose=Tell of each request',
                    '-h=Show this message and exit',
                    '--help=Show this message and exit'
                )
                $valued = @(
                    '-p=profiles',
                    '--profile=profiles'
                )
            }
            'video delete' {
                $takes = @(
                    'tasks:video',
                    '...'
                )
                $options = @(
                    '--unsaved=Also delete finished clips that are not saved',
                    '-p=The profile to use; `sandbox` is free and offline',
                    '--profile=The profile to use; `sandbox` is free and offline',
                    '--json=One JSON document on stdout',
                    '-q=No progress and no notices',
                    '--quiet=No progress and no notices',
                    '-v=Tell of each request',
                    '--verbose=Tell of each request',
                    '-h=Show this message and exit',
                    '--help=Show this message and exit'
                )
                $valued = @(
                    '-p=profiles',
                    '--profile=profiles'
                )
            }
            'image' {
                $below = @(
                    'gen=Make pictures: send, save each as it is made, and print the paths'
                )
                $options = @(
                    '-h=Show this message and exit',
                    '--help=Show this message and exit'
                )
            }
            'image gen' {
                $takes = @(
                    'prompt'
                )
                $options = @(
                    '-m=A short name such as seedream-4.5, a full id, or ep-...',
                    '--model=A short name such as seedream-4.5, a full id, or ep-...',
                    '-i=A picture to go by: a path, https:// or data: URL, or an earlier picture such as @last#2; repeatable',
                    '--image=A picture to go by: a path, https:// or data: URL, or an earlier picture such as @last#2; repeatable',
                    '--size=A size class, or pixels',
                    '-r=16:9, 4:3, 3:2, 1:1, 21:9 or one of them turned, within the size class',
                    '--ratio=16:9, 4:3, 3:2, 1:1, 21:9 or one of them turned, within the size class',
                    '--count=A set of up to N related pictures',
                    '--watermark="AI generated" in a corner; off unless asked',
                    '--no-watermark=The opposite of --watermark',
                    '--format=Where the model makes both',
                    '--transparent=Keep the background of one --image see-through (Seedream 5.0 pro, flash)',
                    '--layers=Take one --image apart into layers (Seedream 5.0 pro, flash)',
                    '--seed=Same seed, similar picture, where known',
                    '--guidance-scale=How closely to follow the prompt (3.0)',
                    '--stream=Save each picture as it is made; on where the model can',
                    '--no-stream=The opposite of --stream',
                    '--optimize-prompt=How the service rewords the prompt',
                    '--web-search=Let the model look things up (Seedream 5.0 lite)',
                    '--extra=Any other body field, sent as it is; repeatable',
                    '--max-cost=Refuse what may cost more',
                    '-n=Show the request and its price; send nothing, need no key',
                    '--dry-run=Show the request and its price; send nothing, need no key',
                    '--as=How --dry-run shows the request',
                    '-o=A file, a folder ending in /, or a template such as {slug}-{id8}.{ext}',
                    '--output=A file, a folder ending in /, or a template such as {slug}-{id8}.{ext}',
                    '--overwrite=Replace a different file of that name',
                    '-p=The profile to use; `sandbox` is free and offline',
                    '--profile=The profile to use; `sandbox` is free and offline',
                    '--json=One JSON document on stdout',
                    '-q=No progress and no notices',
                    '--quiet=No progress and no notices',
                    '-v=Tell of each request',
                    '--verbose=Tell of each request',
                    '--progress=plain: no animation, a line for each change, as a screen reader reads it',
                    '--notify=Ring, and notify where the terminal can, after a wait of over 20 s',
                    '--no-notify=The opposite of --notify',
                    '--preview=Show what is saved as a small picture, in terminals that can',
                    '--no-preview=The opposite of --preview',
                    '--open=Open the first file that is saved, as a double click would',
                    '-h=Show this message and exit',
                    '--help=Show this message and exit'
                )
                $valued = @(
                    '-m=models:image',
                    '--model=models:image',
                    '-i=source:any',
                    '--image=source:any',
                    '--size=sizes:image',
                    '-r=ratios:image',
                    '--ratio=ratios:image',
                    '--count=none',
                    '--format=words:jpeg,png',
                    '--seed=none',
                    '--guidance-scale=none',
                    '--optimize-prompt=words:standard,fast',
                    '--extra=none',
                    '--max-cost=none',
                    '--as=words:json,curl',
                    '-o=files',
                    '--output=files',
                    '-p=profiles',
                    '--profile=profiles',
                    '--progress=words:auto,plain'
                )
            }
            'avatar' {
                $below = @(
                    'omnihuman=Make a portrait speak: submit, wait, save, and print the path',
                    'subjects=Show who can speak in a picture: save a mask of each, numbered for --mask-index',
                    'get=Look at avatars, and save what is finished and not saved yet, within its hour',
                    'cancel=Cancel avatars that are still queued'
                )
                $options = @(
                    '-h=Show this message and exit',
                    '--help=Show this message and exit'
                )
            }
            'avatar omnihuman' {
                $options = @(
                    '-i=The portrait: a path, an https:// URL, or an earlier picture such as @last',
                    '--image=The portrait: a path, an https:// URL, or an earlier picture such as @last',
                    '-a=What it says or sings: a WAV or MP3 file, or an https:// URL; under 60 s',
                    '--audio=What it says or sings: a WAV or MP3 file, or an https:// URL; under 60 s',
                    '-m=Which OmniHuman',
                    '--model=Which OmniHuman',
                    '--mask-index=Who speaks, where several could: 0 is the largest; repeatable',
                    '--mask-url=The same by a mask of your own; repeatable',
                    '--prompt=How they move, and what the camera does. @FILE reads a file',
                    '--resolution=Lines',
                    '--seed=Same seed, similar video',
                    '--fast=Sooner, and not as good',
                    '--no-fast=The opposite of --fast',
                    '--max-cost=Refuse what may cost more',
                    '-n=Show the request and its price; send nothing, need no key',
                    '--dry-run=Show the request and its price; send nothing, need no key',
                    '--wait=Wait and save; or print the task id and leave',
                    '--no-wait=The opposite of --wait',
                    '--timeout=Stop waiting after 90, 10m or 1h30m; 0 never',
                    '-o=A file, a folder ending in /, or a template such as {slug}-{id8}.{ext}',
                    '--output=A file, a folder ending in /, or a template such as {slug}-{id8}.{ext}',
                    '--overwrite=Replace a different file of that name',
                    '--keep=Leave what is uploaded in storage; else it goes once the clip is saved',
                    '--no-keep=The opposite of --keep',
                    '-p=The profile to use; `sandbox` is free and offline',
                    '--profile=The profile to use; `sandbox` is free and offline',
                    '--json=One JSON document on stdout',
                    '-q=No progress and no notices',
                    '--quiet=No progress and no notices',
                    '-v=Tell of each request',
                    '--verbose=Tell of each request',
                    '--progress=plain: no animation, a line for each change, as a screen reader reads it',
                    '--notify=Ring, and notify where the terminal can, after a wait of over 20 s',
                    '--no-notify=The opposite of --notify',
                    '--preview=Show what is saved as a small picture, in terminals that can',
                    '--no-preview=The opposite of --preview',
                    '--open=Open the first file that is saved, as a double click would',
                    '-h=Show this message and exit',
                    '--help=Show this message and exit'
                )
                $valued = @(
                    '-i=source:any',
                    '--image=source:any',
                    '-a=files',
                    '--audio=files',
                    '-m=words:1.5,1.0',
                    '--model=words:1.5,1.0',
                    '--mask-index=none',
                    '--mask-url=none',
                    '--prompt=prompt',
                    '--resolution=words:720,1080',
                    '--seed=none',
                    '--max-cost=none',
                    '--timeout=none',
                    '-o=files',
                    '--output=files',
                    '-p=profiles',
                    '--profile=profiles',
                    '--progress=words:auto,plain'
                )
            }
            'avatar subjects' {
                $options = @(
                    '-i=The portrait: a path, an https:// URL, or an earlier picture such as @last',
                    '--image=The portrait: a path, an https:// URL, or an earlier picture such as @last',
                    '-o=A file, a folder ending in /, or a template such as {slug}-{id8}.{ext}',
                    '--output=A file, a folder ending in /, or a template such as {slug}-{id8}.{ext}',
                    '-p=The profile to use; `sandbox` is free and offline',
                    '--profile=The profile to use; `sandbox` is free and offline',
                    '--json=One JSON document on stdout',
                    '-q=No progress and no notices',
                    '--quiet=No progress and no notices',
                    '-v=Tell of each request',
                    '--verbose=Tell of each request',
                    '--progress=plain: no animation, a line for each change, as a screen reader reads it',
                    '--notify=Ring, and notify where the terminal can, after a wait of over 20 s',
                    '--no-notify=The opposite of --notify',
                    '-h=Show this message and exit',
                    '--help=Show this message and exit'
                )
                $valued = @(
                    '-i=source:any',
                    '--image=source:any',
                    '-o=files',
                    '--output=files',
                    '-p=profiles',
                    '--profile=profiles',
                    '--progress=words:auto,plain'
                )
            }
            'avatar get' {
                $takes = @(
                    'tasks:avatar',
                    '...'
                )
                $options = @(
                    '--wait=Follow to the end, then save',
                    '--no-wait=The opposite of --wait',
                    '--timeout=Stop waiting after 90, 10m or 1h30m; 0 never',
                    '-o=A file, a folder ending in /, or a template such as {slug}-{id8}.{ext}',
                    '--output=A file, a folder ending in /, or a template such as {slug}-{id8}.{ext}',
                    '--overwrite=Replace a different file of that name',
                    '-p=The profile to use; `sandbox` is free and offline',
                    '--profile=The profile to use; `sandbox` is free and offline',
                    '--json=One JSON document on stdout',
                    '-q=No progress and no notices',
                    '--quiet=No progress and no notices',
                    '-v=Tell of each request',
                    '--verbose=Tell of each request',
                    '--progress=plain: no animation, a line for each change, as a screen reader reads it',
                    '--notify=Ring, and notify where the terminal can, after a wait of over 20 s',
                    '--no-notify=The opposite of --notify',
                    '--preview=Show what is saved as a small picture, in terminals that can',
                    '--no-preview=The opposite of --preview',
                    '--open=Open the first file that is saved, as a double click would',
                    '-h=Show this message and exit',
                    '--help=Show this message and exit'
                )
                $valued = @(
                    '--timeout=none',
                    '-o=files',
                    '--output=files',
                    '-p=profiles',
                    '--profile=profiles',
                    '--progress=words:auto,plain'
                )
            }
            'avatar cancel' {
                $takes = @(
                    'queued:avatar',
                    '...'
                )
                $options = @(
                    '-p=The profile to use; `sandbox` is free and offline',
                    '--profile=The profile to use; `sandbox` is free and offline',
                    '--json=One JSON document on stdout',
                    '-q=No progress and no notices',
                    '--quiet=No progress and no notices',
                    '-v=Tell of each request',
                    '--verbose=Tell of each request',
                    '-h=Show this message and exit',
                    '--help=Show this message and exit'
                )
                $valued = @(
                    '-p=profiles',
                    '--profile=profiles'
                )
            }
            'batch' {
                $below = @(
                    'run=Make everything in a manifest: check it, price it, submit, wait, save, print the paths',
                    'status=Where runs stand: what is saved, under way, failed, or still to do',
                    'merge=Print the results of several machines as one: a line of JSON a row, in order'
                )
                $options = @(
                    '-h=Show this message and exit',
                    '--help=Show this message and exit'
                )
            }
            'batch run' {
                $takes = @(
                    'files'
                )
                $options = @(
                    '--kind=What rows make that name no kind; the options below are for these',
                    '-m=The model',
                    '--model=The model',
                    '--resolution=Of clips',
                    '-r=16:9, 9:16, ...',
                    '--ratio=16:9, 9:16, ...',
                    '-d=Of clips',
                    '--duration=Of clips',
                    '--size=Of pictures',
                    '--audio=Clips with sound or without',
                    '--no-audio=The opposite of --audio',
                    '--watermark="AI generated" in a corner',
                    '--no-watermark=The opposite of --watermark',
                    '--camera-fixed=Keep the camera still',
                    '--no-camera-fixed=The opposite of --camera-fixed',
                    '--save-last-frame=Save the last frames too',
                    '--no-save-last-frame=The opposite of --save-last-frame',
                    '--flex=Half the price, and slow',
                    '--no-flex=The opposite of --flex',
                    '--expires-after=Give up if not done by then',
                    '--priority=Higher starts sooner',
                    '--format=The file format',
                    '--callback-url=Where the service reports',
                    '--safety-id=A hash of your end user',
                    '-j=How many of one model may be open at once; else 5 more than it runs',
                    '--jobs=How many of one model may be open at once; else 5 more than it runs',
                    '--shard=Only this machine''s part; auto asks Kubernetes, Slurm, GitLab, Buildkite',
                    '--done=Leave out what these results of other machines say is saved; repeatable',
                    '--retry-failed=Also make what failed before',
                    '--max-failures=Submit nothing more after N failures',
                    '--fail-fast=The same after the first',
                    '--max-cost=Submit nothing more that would pass it',
                    '-y=Agree to more than confirm_above',
                    '--yes=Agree to more than confirm_above',
                    '-n=Check, price and name everything; send nothing, need no key',
                    '--dry-run=Check, price and name everything; send nothing, need no key',
                    '-o=A folder ending in /, or a template such as {row.name}.{ext}',
                    '--output=A folder ending in /, or a template such as {row.name}.{ext}',
                    '-p=The profile to use; `sandbox` is free and offline',
                    '--profile=The profile to use; `sandbox` is free and offline',
                    '--json=One JSON document on stdout',
                    '-q=No progress and no notices',
                    '--quiet=No progress and no notices',
                    '-v=Tell of each request',
                    '--verbose=Tell of each request',
                    '--progress=plain: no animation, a line for each change, as a screen reader reads it',
                    '--notify=Ring, and notify where the terminal can, after a wait of over 20 s',
                    '--no-notify=The opposite of --notify',
                    '-h=Show this message and exit',
                    '--help=Show this message and exit'
                )
                $valued = @(
                    '--kind=words:video,image,avatar',
                    '-m=models:any',
                    '--model=models:any',
                    '--resolution=resolutions:any',
                    '-r=ratios:any',
                    '--ratio=ratios:any',
                    '-d=none',
                    '--duration=none',
                    '--size=sizes:any',
                    '--expires-after=none',
                    '--priority=none',
                    '--format=words:mp4,mov,jpeg,png',
                    '--callback-url=none',
                    '--safety-id=none',
                    '-j=none',
                    '--jobs=none',
                    '--shard=words:auto',
                    '--done=files',
                    '--max-failures=none',
                    '--max-cost=none',
                    '-o=files',
                    '--output=files',
                    '-p=profiles',
                    '--profile=profiles',
                    '--progress=words:auto,plain'
                )
            }
            'batch status' {
                $takes = @(
                    'none'
                )
                $options = @(
                    '-p=The profile to use; `sandbox` is free and offline',
                    '--profile=The profile to use; `sandbox` is free and offline',
                    '--json=One JSON document on stdout',
                    '-q=No progress and no notices',
                    '--quiet=No progress and no notices',
                    '-v=Tell of each request',
                    '--verbose=Tell of each request',
                    '-h=Show this message and exit',
                    '--help=Show this message and exit'
                )
                $valued = @(
                    '-p=profiles',
                    '--profile=profiles'
                )
            }
            'batch merge' {
                $takes = @(
                    'files',
                    '...'
                )
                $options = @(
                    '-p=The profile to use; `sandbox` is free and offline',
                    '--profile=The profile to use; `sandbox` is free and offline',
                    '--json=One JSON document on stdout',
                    '-q=No progress and no notices',
                    '--quiet=No progress and no notices',
                    '-v=Tell of each request',
                    '--verbose=Tell of each request',
                    '-h=Show this message and exit',
                    '--help=Show this message and exit'
                )
                $valued = @(
                    '-p=profiles',
                    '--profile=profiles'
                )
            }
            'rescue' {
                $options = @(
                    '--all=Also what other machines made with this account',
                    '-n=List what would be saved',
                    '--dry-run=List what would be saved',
                    '-j=How many at a time',
                    '--jobs=How many at a time',
                    '--watch=Go on for ever, with that pause: 10m, 1h',
                    '-o=A file, a folder ending in /, or a template such as {slug}-{id8}.{ext}',
                    '--output=A file, a folder ending in /, or a template such as {slug}-{id8}.{ext}',
                    '-p=The profile to use; `sandbox` is free and offline',
                    '--profile=The profile to use; `sandbox` is free and offline',
                    '--json=One JSON document on stdout',
                    '-q=No progress and no notices',
                    '--quiet=No progress and no notices',
                    '-v=Tell of each request',
                    '--verbose=Tell of each request',
                    '-h=Show this message and exit',
                    '--help=Show this message and exit'
                )
                $valued = @(
                    '-j=none',
                    '--jobs=none',
                    '--watch=none',
                    '-o=files',
                    '--output=files',
                    '-p=profiles',
                    '--profile=profiles'
                )
            }
            'history' {
                $below = @(
                    'list=Everything made on this machine, newest first',
                    'show=All that is known of one thing, by its id or a file of it',
                    'cost=Add up what was charged, and what is still open'
                )
                $options = @(
                    '-h=Show this message and exit',
                    '--help=Show this message and exit'
                )
            }
            'history list' {
                $options = @(
                    '--kind=Only what is of that kind',
                    '--status=succeeded, failed, running, unknown, ...',
                    '-m=A full id; a shorter name stands for every date',
                    '--model=A full id; a shorter name stands for every date',
                    '--since=From then on: 2d, 12h, or 2026-11-01',
                    '--until=Until then; a day counts to its end',
                    '--grep=In the prompt or a file''s name, in capitals or not',
                    '--unsaved=Only what was never saved here',
                    '-n=No more than the newest N',
                    '--limit=No more than the newest N',
                    '-p=The profile to use; `sandbox` is free and offline',
                    '--profile=The profile to use; `sandbox` is free and offline',
                    '--json=One JSON document on stdout',
                    '-q=No progress and no notices',
                    '--quiet=No progress and no notices',
                    '-v=Tell of each request',
                    '--verbose=Tell of each request',
                    '-h=Show this message and exit',
                    '--help=Show this message and exit'
                )
                $valued = @(
                    '--kind=words:video,image,avatar',
                    '--status=words:queued,running,succeeded,failed,cancelled,expired',
                    '-m=models:any',
                    '--model=models:any',
                    '--since=none',
                    '--until=none',
                    '--grep=none',
                    '-n=none',
                    '--limit=none',
                    '-p=profiles',
                    '--profile=profiles'
                )
            }
            'history show' {
                $takes = @(
                    'source:any'
                )
                $options = @(
                    '--command=Print the command line that would make it again',
                    '-p=The profile to use; `sandbox` is free and offline',
                    '--profile=The profile to use; `sandbox` is free and offline',
                    '--json=One JSON document on stdout',
                    '-q=No progress and no notices',
                    '--quiet=No progress and no notices',
                    '-v=Tell of each request',
                    '--verbose=Tell of each request',
                    '-h=Show this message and exit',
                    '--help=Show this message and exit'
                )
                $valued = @(
                    '-p=profiles',
                    '--profile=profiles'
                )
            }
            'history cost' {
                $options = @(
                    '--by=What to add up',
                    '--since=From then on: 2d, 12h, or 2026-11-01',
                    '--until=Until then; a day counts to its end',
                    '-p=The profile to use; `sandbox` is free and offline',
                    '--profile=The profile to use; `sandbox` is free and offline',
                    '--json=One JSON document on stdout',
                    '-q=No progress and no notices',
                    '--quiet=No progress and no notices',
                    '-v=Tell of each request',
                    '--verbose=Tell of each request',
                    '-h=Show this message and exit',
                    '--help=Show this message and exit'
                )
                $valued = @(
                    '--by=words:day,month,model,profile,kind',
                    '--since=none',
                    '--until=none',
                    '-p=profiles',
                    '--profile=profiles'
                )
            }
            'models' {
                $below = @(
                    'list=Every model, current ones first, with prices to compare',
                    'show=All that is known of one model'
                )
                $options = @(
                    '-h=Show this message and exit',
                    '--help=Show this message and exit'
                )
            }
            'models list' {
                $options = @(
                    '--kind=Only models that make these',
                    '-p=The profile to use; `sandbox` is free and offline',
                    '--profile=The profile to use; `sandbox` is free and offline',
                    '--json=One JSON document on stdout',
                    '-q=No progress and no notices',
                    '--quiet=No progress and no notices',
                    '-v=Tell of each request',
                    '--verbose=Tell of each request',
                    '-h=Show this message and exit',
                    '--help=Show this message and exit'
                )
                $valued = @(
                    '--kind=words:video,image,avatar',
                    '-p=profiles',
                    '--profile=profiles'
                )
            }
            'models show' {
                $takes = @(
                    'models:any'
                )
                $options = @(
                    '-p=The profile to use; `sandbox` is free and offline',
                    '--profile=The profile to use; `sandbox` is free and offline',
                    '--json=One JSON document on stdout',
                    '-q=No progress and no notices',
                    '--quiet=No progress and no notices',
                    '-v=Tell of each request',
                    '--verbose=Tell of each request',
                    '-h=Show this message and exit',
                    '--help=Show this message and exit'
                )
                $valued = @(
                    '-p=profiles',
                    '--profile=profiles'
                )
            }
            'webhook' {
                $below = @(
                    'listen=Take callbacks, look each task up, and save what is finished',
                    'trigger=Send one callback as the service would, to try a receiver with'
                )
                $options = @(
                    '-h=Show this message and exit',
                    '--help=Show this message and exit'
                )
            }
            'webhook listen' {
                $options = @(
                    '--port=0 takes a free one',
                    '--host=The address to listen on',
                    '--path=The one path that is answered; a long one keeps strangers out',
                    '--forward-to=Pass callbacks about the account''s tasks on to your own server, as they came',
                    '--exit-after=End once N tasks of this machine have ended, saved or not',
                    '--all=Also save what other machines made with this account',
                    '-o=A file, a folder ending in /, or a template such as {slug}-{id8}.{ext}',
                    '--output=A file, a folder ending in /, or a template such as {slug}-{id8}.{ext}',
                    '--overwrite=Replace a different file of that name',
                    '-p=The profile to use; `sandbox` is free and offline',
                    '--profile=The profile to use; `sandbox` is free and offline',
                    '--json=One JSON document on stdout',
                    '-q=No progress and no notices',
                    '--quiet=No progress and no notices',
                    '-v=Tell of each request',
                    '--verbose=Tell of each request',
                    '-h=Show this message and exit',
                    '--help=Show this message and exit'
                )
                $valued = @(
                    '--port=none',
                    '--host=none',
                    '--path=none',
                    '--forward-to=none',
                    '--exit-after=none',
                    '-o=files',
                    '--output=files',
                    '-p=profiles',
                    '--profile=profiles'
                )
            }
            'webhook trigger' {
                $takes = @(
                    'words:queued,running,succeeded,failed,cancelled,expired'
                )
                $options = @(
                    '--to=Where to send it',
                    '--id=A task that exists, or @last; without it an id is made up',
                    '-p=The profile to use; `sandbox` is free and offline',
                    '--profile=The profile to use; `sandbox` is free and offline',
                    '--json=One JSON document on stdout',
                    '-q=No progress and no notices',
                    '--quiet=No progress and no notices',
                    '-v=Tell of each request',
                    '--verbose=Tell of each request',
                    '-h=Show this message and exit',
                    '--help=Show this message and exit'
                )
                $valued = @(
                    '--to=none',
                    '--id=tasks:any',
                    '-p=profiles',
                    '--profile=profiles'
                )
            }
            'doctor' {
                $options = @(
                    '--offline=Only look at this machine',
                    '-p=The profile to use; `sandbox` is free and offline',
                    '--profile=The profile to use; `sandbox` is free and offline',
                    '--json=One JSON document on stdout',
                    '-q=No progress and no notices',
                    '--quiet=No progress and no notices',
                    '-v=Tell of each request',
                    '--verbose=Tell of each request',
                    '-h=Show this message and exit',
                    '--help=Show this message and exit'
                )
                $valued = @(
                    '-p=profiles',
                    '--profile=profiles'
                )
            }
            'config' {
                $below = @(
                    'init=Store an API key, the first step with the real service',
                    'list=Every setting of the profile, with where it comes from',
                    'get=One setting of the profile',
                    'set=Set a value in the profile',
                    'unset=Remove a value from the profile',
                    'use=Make a profile the default one',
                    'path=Where config.toml is'
                )
                $options = @(
                    '-h=Show this message and exit',
                    '--help=Show this message and exit'
                )
            }
            'config init' {
                $options = @(
                    '-p=The profile to use; `sandbox` is free and offline',
                    '--profile=The profile to use; `sandbox` is free and offline',
                    '--json=One JSON document on stdout',
                    '-q=No progress and no notices',
                    '--quiet=No progress and no notices',
                    '-v=Tell of each request',
                    '--verbose=Tell of each request',
                    '-h=Show this message and exit',
                    '--help=Show this message and exit'
                )
                $valued = @(
                    '-p=profiles',
                    '--profile=profiles'
                )
            }
            'config list' {
                $options = @(
                    '-p=The profile to use; `sandbox` is free and offline',
                    '--profile=The profile to use; `sandbox` is free and offline',
                    '--json=One JSON document on stdout',
                    '-q=No progress and no notices',
                    '--quiet=No progress and no notices',
                    '-v=Tell of each request',
                    '--verbose=Tell of each request',
                    '-h=Show this message and exit',
                    '--help=Show this message and exit'
                )
                $valued = @(
                    '-p=profiles',
                    '--profile=profiles'
                )
            }
            'config get' {
                $takes = @(
                    'words:api_key,access_key,secret_key,base_url,vision_url,output,max_cost,confirm_above,progress,notify,video.model,video.resolution,video.ratio,video.duration,video.camera_fixed,video.audio,video.watermark,video.save_last_frame,video.priority,video.flex,video.expires_after,video.callback_url,video.safety_id,image.model,image.size,image.ratio,image.watermark,image.format,avatar.model,avatar.resolution,storage.url,storage.endpoint,storage.region,storage.access_key,storage.secret_key'
                )
                $options = @(
                    '-p=The profile to use; `sandbox` is free and offline',
                    '--profile=The profile to use; `sandbox` is free and offline',
                    '--json=One JSON document on stdout',
                    '-q=No progress and no notices',
                    '--quiet=No progress and no notices',
                    '-v=Tell of each request',
                    '--verbose=Tell of each request',
                    '-h=Show this message and exit',
                    '--help=Show this message and exit'
                )
                $valued = @(
                    '-p=profiles',
                    '--profile=profiles'
                )
            }
            'config set' {
                $takes = @(
                    'words:api_key,access_key,secret_key,base_url,vision_url,output,max_cost,confirm_above,progress,notify,video.model,video.resolution,video.ratio,video.duration,video.camera_fixed,video.audio,video.watermark,video.save_last_frame,video.priority,video.flex,video.expires_after,video.callback_url,video.safety_id,image.model,image.size,image.ratio,image.watermark,image.format,avatar.model,avatar.resolution,storage.url,storage.endpoint,storage.region,storage.access_key,storage.secret_key',
                    'value'
                )
                $options = @(
                    '-p=The profile to use; `sandbox` is free and offline',
                    '--profile=The profile to use; `sandbox` is free and offline',
                    '--json=One JSON document on stdout',
                    '-q=No progress and no notices',
                    '--quiet=No progress and no notices',
                    '-v=Tell of each request',
                    '--verbose=Tell of each request',
                    '-h=Show this message and exit',
                    '--help=Show this message and exit'
                )
                $valued = @(
                    '-p=profiles',
                    '--profile=profiles'
                )
            }
            'config unset' {
                $takes = @(
                    'words:api_key,access_key,secret_key,base_url,vision_url,output,max_cost,confirm_above,progress,notify,video.model,video.resolution,video.ratio,video.duration,video.camera_fixed,video.audio,video.watermark,video.save_last_frame,video.priority,video.flex,video.expires_after,video.callback_url,video.safety_id,image.model,image.size,image.ratio,image.watermark,image.format,avatar.model,avatar.resolution,storage.url,storage.endpoint,storage.region,storage.access_key,storage.secret_key'
                )
                $options = @(
                    '-p=The profile to use; `sandbox` is free and offline',
                    '--profile=The profile to use; `sandbox` is free and offline',
                    '--json=One JSON document on stdout',
                    '-q=No progress and no notices',
                    '--quiet=No progress and no notices',
                    '-v=Tell of each request',
                    '--verbose=Tell of each request',
                    '-h=Show this message and exit',
                    '--help=Show this message and exit'
                )
                $valued = @(
                    '-p=profiles',
                    '--profile=profiles'
                )
            }
            'config use' {
                $takes = @(
                    'profiles'
                )
                $options = @(
                    '-p=The profile to use; `sandbox` is free and offline',
                    '--profile=The profile to use; `sandbox` is free and offline',
                    '--json=One JSON document on stdout',
                    '-q=No progress and no notices',
                    '--quiet=No progress and no notices',
                    '-v=Tell of each request',
                    '--verbose=Tell of each request',
                    '-h=Show this message and exit',
                    '--help=Show this message and exit'
                )
                $valued = @(
                    '-p=profiles',
                    '--profile=profiles'
                )
            }
            'config path' {
                $options = @(
                    '-p=The profile to use; `sandbox` is free and offline',
                    '--profile=The profile to use; `sandbox` is free and offline',
                    '--json=One JSON document on stdout',
                    '-q=No progress and no notices',
                    '--quiet=No progress and no notices',
                    '-v=Tell of each request',
                    '--verbose=Tell of each request',
                    '-h=Show this message and exit',
                    '--help=Show this message and exit'
                )
                $valued = @(
                    '-p=profiles',
                    '--profile=profiles'
                )
            }
            'sandbox' {
                $below = @(
                    'serve=Run the sandbox until Ctrl-C, for other programs to talk to',
                    'reset=Forget all tasks, pictures and uploads; files that were saved stay'
                )
                $options = @(
                    '-h=Show this message and exit',
                    '--help=Show this message and exit'
                )
            }
            'sandbox serve' {
                $options = @(
                    '--port=0 takes a free one',
                    '-p=The profile to use; `sandbox` is free and offline',
                    '--profile=The profile to use; `sandbox` is free and offline',
                    '--json=One JSON document on stdout',
                    '-q=No progress and no notices',
                    '--quiet=No progress and no notices',
                    '-v=Tell of each request',
                    '--verbose=Tell of each request',
                    '-h=Show this message and exit',
                    '--help=Show this message and exit'
                )
                $valued = @(
                    '--port=none',
                    '-p=profiles',
                    '--profile=profiles'
                )
            }
            'sandbox reset' {
                $options = @(
                    '-p=The profile to use; `sandbox` is free and offline',
                    '--profile=The profile to use; `sandbox` is free and offline',
                    '--json=One JSON document on stdout',
                    '-q=No progress and no notices',
                    '--quiet=No progress and no notices',
                    '-v=Tell of each request',
                    '--verbose=Tell of each request',
                    '-h=Show this message and exit',
                    '--help=Show this message and exit'
                )
                $valued = @(
                    '-p=profiles',
                    '--profile=profiles'
                )
            }
            'completion' {
                $takes = @(
                    'words:bash,zsh,fish,powershell'
                )
                $options = @(
                    '-p=The profile to use; `sandbox` is free and offline',
                    '--profile=The profile to use; `sandbox` is free and offline',
                    '--json=One JSON document on stdout',
                    '-q=No progress and no notices',
                    '--quiet=No progress and no notices',
                    '-v=Tell of each request',
                    '--verbose=Tell of each request',
                    '-h=Show this message and exit',
                    '--help=Show this message and exit'
                )
                $valued = @(
                    '-p=profiles',
                    '--profile=profiles'
                )
            }
            'help' {
                $takes = @(
                    'words:avatar,batch,ci,completion,config,doctor,environment,errors,exit-codes,files,help,history,image,models,prompts,rescue,sandbox,templates,video,webhook',
                    '...'
                )
                $options = @(
                    '-p=The profile to use; `sandbox` is free and offline',
                    '--profile=The profile to use; `sandbox` is free and offline',
                    '--json=One JSON document on stdout',
                    '-q=No progress and no notices',
                    '--quiet=No progress and no notices',
                    '-v=Tell of each request',
                    '--verbose=Tell of each request',
                    '-h=Show this message and exit',
                    '--help=Show this message and exit'
                )
                $valued = @(
                    '-p=profiles',
                    '--profile=profiles'
                )
            }
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
