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
        case ''
            set below \
                'video'\t'Make clips from a prompt, and look after their tasks' \
                'image'\t'Make pictures from a prompt, or from other pictures' \
                'avatar'\t'Make a portrait speak or sing a sound file' \
                'batch'\t'Many jobs from one manifest' \
                'rescue'\t'Save whatever is finished and not on disk yet' \
                'history'\t'What this machine has made, where it is, and what it cost' \
                'models'\t'What each model can do, its limits, price and state' \
                'webhook'\t'Receive callbacks, and send a test one' \
                'doctor'\t'Check disk, ledger, network, clock, keys and models' \
                'config'\t'Keys, profiles and defaults' \
                'sandbox'\t'The offline BytePlus, for learning, tests and CI' \
                'completion'\t'Print the completion script of a shell' \
                'help'\t'Guides: exit codes, templates, prompts, batches, CI, errors'
            set options \
                -V\t'Show the version' \
                --version\t'Show the version' \
                -h\t'Show this message and exit' \
                --help\t'Show this message and exit'
        case 'video'
            set below \
                'create'\t'Make one clip: submit, wait, save, and print the path' \
                'draft'\t'Make a cheap 480p preview; `finalize` makes the full clip from it for 7 days' \
                'finalize'\t'Make the full 1080p clip of a draft; prompt, media, length and seed stay the draft\'s' \
                'chain'\t'Make several clips, each starting where the one before ends, and join them' \
                'get'\t'Look at tasks, and save what is finished and not saved yet' \
                'list'\t'The account\'s tasks of the last 7 days, and what this machine knows of them' \
                'cancel'\t'Cancel tasks that are still queued; a running task cannot be cancelled' \
                'delete'\t'Remove the records of finished tasks from the server; saved files stay'
            set options \
                -h\t'Show this message and exit' \
                --help\t'Show this message and exit'
        case 'video create'
            set takes prompt
            set options \
                -m\t'A short name such as seedance-2.0, a full id, or ep-...' \
                --model\t'A short name such as seedance-2.0, a full id, or ep-...' \
                -i\t'The first frame: a path, https://, data: or asset:// URL, or a task for its last frame' \
                --image\t'The first frame: a path, https://, data: or asset:// URL, or a task for its last frame' \
                --first-frame\t'The first frame: a path, https://, data: or asset:// URL, or a task for its last frame' \
                --last-frame\t'The last frame; needs --image' \
                --ref-image\t'A picture to go by (Seedance 2.x); repeatable' \
                --ref-video\t'A video to go by: a link, a task, or a path, which is put into your storage; repeatable' \
                --ref-audio\t'A sound to go by; repeatable' \
                --resolution\t'As the model allows' \
                -r\t'16:9, 4:3, 1:1, 3:4, 9:16, 21:9 or adaptive' \
                --ratio\t'16:9, 4:3, 1:1, 3:4, 9:16, 21:9 or adaptive' \
                -d\t'Whole seconds; -1 lets a newer model choose' \
                --duration\t'Whole seconds; -1 lets a newer model choose' \
                --frames\t'Length in frames at 24 a second: 29, 33, ... 289' \
                --seed\t'Same seed, similar clip; one is chosen if none' \
                --count\t'The same N times, each with another seed; made and saved together' \
                --camera-fixed\t'Keep the camera still' \
                --no-camera-fixed\t'The opposite of --camera-fixed' \
                --audio\t'A clip with sound or without' \
                --no-audio\t'The opposite of --audio' \
                --watermark\t'"AI generated" in a corner' \
                --no-watermark\t'The opposite of --watermark' \
                --save-last-frame\t'Save the last frame as a picture too' \
                --no-save-last-frame\t'The opposite of --save-last-frame' \
                --format\t'The file format (Seedance 2.5)' \
                --task-type\t'auto, reference, edit or extend (Seedance 2.5)' \
                --priority\t'Higher starts sooner (Seedance 2.x)' \
                --flex\t'Offline inference: half the price, and slow' \
                --no-flex\t'The opposite of --flex' \
                --expires-after\t'Give up if not done by then: 1h to 72h' \
                --callback-url\t'Where the service reports each change' \
                --safety-id\t'A hash of your end user, for abuse reports' \
                --extra\t'Any other body field, sent as it is; repeatable' \
                --max-cost\t'Refuse what may cost more' \
                -n\t'Show the request and its price; send nothing, need no key' \
                --dry-run\t'Show the request and its price; send nothing, need no key' \
                --as\t'How --dry-run shows the request' \
                --wait\t'Wait and save; or print the task id and leave' \
                --no-wait\t'The opposite of --wait' \
                --timeout\t'Stop waiting after 90, 10m or 1h30m; 0 never' \
                -o\t'A file, a folder ending in /, or a template such as {slug}-{id8}.{ext}' \
                --output\t'A file, a folder ending in /, or a template such as {slug}-{id8}.{ext}' \
                --overwrite\t'Replace a different file of that name' \
                --keep\t'Leave what is uploaded in storage; else it goes once the clip is saved' \
                --no-keep\t'The opposite of --keep' \
                -p\t'The profile to use; `sandbox` is free and offline' \
                --profile\t'The profile to use; `sandbox` is free and offline' \
                --json\t'One JSON document on stdout' \
                -q\t'No progress and no notices' \
                --quiet\t'No progress and no notices' \
                -v\t'Tell of each request' \
                --verbose\t'Tell of each request' \
                --progress\t'plain: no animation, a line for each change, as a screen reader reads it' \
                --notify\t'Ring, and notify where the terminal can, after a wait of over 20 s' \
                --no-notify\t'The opposite of --notify' \
                --preview\t'Show what is saved as a small picture, in terminals that can' \
                --no-preview\t'The opposite of --preview' \
                --open\t'Open the first file that is saved, as a double click would' \
                -h\t'Show this message and exit' \
                --help\t'Show this message and exit'
            set valued \
                -m=models:video \
                --model=models:video \
                -i=source:any \
                --image=source:any \
                --first-frame=source:any \
                --last-frame=source:any \
                --ref-image=source:any \
                --ref-video=source:any \
                --ref-audio=files \
                --resolution=resolutions:video \
                -r=ratios:video \
                --ratio=ratios:video \
                -d=none \
                --duration=none \
                --frames=none \
                --seed=none \
                --count=none \
                --format=words:mp4,mov \
                --task-type=words:auto,reference,edit,extend \
                --priority=none \
                --expires-after=none \
                --callback-url=none \
                --safety-id=none \
                --extra=none \
                --max-cost=none \
                --as=words:json,curl \
                --timeout=none \
                -o=files \
                --output=files \
                -p=profiles \
                --profile=profiles \
                --progress=words:auto,plain
        case 'video draft'
            set takes prompt
            set options \
                -m\t'A short name such as seedance-2.0, a full id, or ep-...' \
                --model\t'A short name such as seedance-2.0, a full id, or ep-...' \
                -i\t'The first frame: a path, https://, data: or asset:// URL, or a task for its last frame' \
                --image\t'The first frame: a path, https://, data: or asset:// URL, or a task for its last frame' \
                --first-frame\t'The first frame: a path, https://, data: or asset:// URL, or a task for its last frame' \
                --last-frame\t'The last frame; needs --image' \
                --ref-image\t'A picture to go by (Seedance 2.x); repeatable' \
                --ref-video\t'A video to go by: a link, a task, or a path, which is put into your storage; repeatable' \
                --ref-audio\t'A sound to go by; repeatable' \
                --resolution\t'As the model allows' \
                -r\t'16:9, 4:3, 1:1, 3:4, 9:16, 21:9 or adaptive' \
                --ratio\t'16:9, 4:3, 1:1, 3:4, 9:16, 21:9 or adaptive' \
                -d\t'Whole seconds; -1 lets a newer model choose' \
                --duration\t'Whole seconds; -1 lets a newer model choose' \
                --frames\t'Length in frames at 24 a second: 29, 33, ... 289' \
                --seed\t'Same seed, similar clip; one is chosen if none' \
                --camera-fixed\t'Keep the camera still' \
                --no-camera-fixed\t'The opposite of --camera-fixed' \
                --audio\t'A clip with sound or without' \
                --no-audio\t'The opposite of --audio' \
                --watermark\t'"AI generated" in a corner' \
                --no-watermark\t'The opposite of --watermark' \
                --save-last-frame\t'Save the last frame as a picture too' \
                --no-save-last-frame\t'The opposite of --save-last-frame' \
                --format\t'The file format (Seedance 2.5)' \
                --task-type\t'auto, reference, edit or extend (Seedance 2.5)' \
                --priority\t'Higher starts sooner (Seedance 2.x)' \
                --flex\t'Offline inference: half the price, and slow' \
                --no-flex\t'The opposite of --flex' \
                --expires-after\t'Give up if not done by then: 1h to 72h' \
                --callback-url\t'Where the service reports each change' \
                --safety-id\t'A hash of your end user, for abuse reports' \
                --extra\t'Any other body field, sent as it is; repeatable' \
                --max-cost\t'Refuse what may cost more' \
                -n\t'Show the request and its price; send nothing, need no key' \
                --dry-run\t'Show the request and its price; send nothing, need no key' \
                --as\t'How --dry-run shows the request' \
                --wait\t'Wait and save; or print the task id and leave' \
                --no-wait\t'The opposite of --wait' \
                --timeout\t'Stop waiting after 90, 10m or 1h30m; 0 never' \
                -o\t'A file, a folder ending in /, or a template such as {slug}-{id8}.{ext}' \
                --output\t'A file, a folder ending in /, or a template such as {slug}-{id8}.{ext}' \
                --overwrite\t'Replace a different file of that name' \
                --keep\t'Leave what is uploaded in storage; else it goes once the clip is saved' \
                --no-keep\t'The opposite of --keep' \
                -p\t'The profile to use; `sandbox` is free and offline' \
                --profile\t'The profile to use; `sandbox` is free and offline' \
                --json\t'One JSON document on stdout' \
                -q\t'No progress and no notices' \
                --quiet\t'No progress and no notices' \
                -v\t'Tell of each request' \
                --verbose\t'Tell of each request' \
                --progress\t'plain: no animation, a line for each change, as a screen reader reads it' \
                --notify\t'Ring, and notify where the terminal can, after a wait of over 20 s' \
                --no-notify\t'The opposite of --notify' \
                --preview\t'Show what is saved as a small picture, in terminals that can' \
                --no-preview\t'The opposite of --preview' \
                --open\t'Open the first file that is saved, as a double click would' \
                -h\t'Show this message and exit' \
                --help\t'Show this message and exit'
            set valued \
                -m=models:video \
                --model=models:video \
                -i=source:any \
                --image=source:any \
                --first-frame=source:any \
                --last-frame=source:any \
                --ref-image=source:any \
                --ref-video=source:any \
                --ref-audio=files \
                --resolution=resolutions:video \
                -r=ratios:video \
                --ratio=ratios:video \
                -d=none \
                --duration=none \
                --frames=none \
                --seed=none \
                --format=words:mp4,mov \
                --task-type=words:auto,reference,edit,extend \
                --priority=none \
                --expires-after=none \
                --callback-url=none \
                --safety-id=none \
                --extra=none \
                --max-cost=none \
                --as=words:json,curl \
                --timeout=none \
                -o=files \
                --output=files \
                -p=profiles \
                --profile=profiles \
                --progress=words:auto,plain
        case 'video finalize'
            set takes drafts:video
            set options \
                --resolution\t'As the model allows' \
                --watermark\t'"AI generated" in a corner' \
                --no-watermark\t'The opposite of --watermark' \
                --save-last-frame\t'Save the last frame as a picture too' \
                --no-save-last-frame\t'The opposite of --save-last-frame' \
                --format\t'The file format (Seedance 2.5)' \
                --priority\t'Higher starts sooner (Seedance 2.x)' \
                --expires-after\t'Give up if not done by then: 1h to 72h' \
                --callback-url\t'Where the service reports each change' \
                --safety-id\t'A hash of your end user, for abuse reports' \
                --extra\t'Any other body field, sent as it is; repeatable' \
                --max-cost\t'Refuse what may cost more' \
                -n\t'Show the request and its price; send nothing, need no key' \
                --dry-run\t'Show the request and its price; send nothing, need no key' \
                --as\t'How --dry-run shows the request' \
                --wait\t'Wait and save; or print the task id and leave' \
                --no-wait\t'The opposite of --wait' \
                --timeout\t'Stop waiting after 90, 10m or 1h30m; 0 never' \
                -o\t'A file, a folder ending in /, or a template such as {slug}-{id8}.{ext}' \
                --output\t'A file, a folder ending in /, or a template such as {slug}-{id8}.{ext}' \
                --overwrite\t'Replace a different file of that name' \
                -p\t'The profile to use; `sandbox` is free and offline' \
                --profile\t'The profile to use; `sandbox` is free and offline' \
                --json\t'One JSON document on stdout' \
                -q\t'No progress and no notices' \
                --quiet\t'No progress and no notices' \
                -v\t'Tell of each request' \
                --verbose\t'Tell of each request' \
                --progress\t'plain: no animation, a line for each change, as a screen reader reads it' \
                --notify\t'Ring, and notify where the terminal can, after a wait of over 20 s' \
                --no-notify\t'The opposite of --notify' \
                --preview\t'Show what is saved as a small picture, in terminals that can' \
                --no-preview\t'The opposite of --preview' \
                --open\t'Open the first file that is saved, as a double click would' \
                -h\t'Show this message and exit' \
                --help\t'Show this message and exit'
            set valued \
                --resolution=words:480p,720p,1080p,4k \
                --format=words:mp4,mov \
                --priority=none \
                --expires-after=none \
                --callback-url=none \
                --safety-id=none \
                --extra=none \
                --max-cost=none \
                --as=words:json,curl \
                --timeout=none \
                -o=files \
                --output=files \
                -p=profiles \
                --profile=profiles \
                --progress=words:auto,plain
        case 'video chain'
            set takes prompt ...
            set options \
                -m\t'A short name such as seedance-2.0, a full id, or ep-...' \
                --model\t'A short name such as seedance-2.0, a full id, or ep-...' \
                -i\t'The first frame: a path, https://, data: or asset:// URL, or a task for its last frame' \
                --image\t'The first frame: a path, https://, data: or asset:// URL, or a task for its last frame' \
                --first-frame\t'The first frame: a path, https://, data: or asset:// URL, or a task for its last frame' \
                --resolution\t'As the model allows' \
                -r\t'16:9, 4:3, 1:1, 3:4, 9:16, 21:9 or adaptive' \
                --ratio\t'16:9, 4:3, 1:1, 3:4, 9:16, 21:9 or adaptive' \
                -d\t'Whole seconds; -1 lets a newer model choose' \
                --duration\t'Whole seconds; -1 lets a newer model choose' \
                --frames\t'Length in frames at 24 a second: 29, 33, ... 289' \
                --seed\t'Same seed, similar clip; one is chosen if none' \
                --camera-fixed\t'Keep the camera still' \
                --no-camera-fixed\t'The opposite of --camera-fixed' \
                --audio\t'A clip with sound or without' \
                --no-audio\t'The opposite of --audio' \
                --watermark\t'"AI generated" in a corner' \
                --no-watermark\t'The opposite of --watermark' \
                --priority\t'Higher starts sooner (Seedance 2.x)' \
                --flex\t'Offline inference: half the price, and slow' \
                --no-flex\t'The opposite of --flex' \
                --expires-after\t'Give up if not done by then: 1h to 72h' \
                --safety-id\t'A hash of your end user, for abuse reports' \
                --extra\t'Any other body field, sent as it is; repeatable' \
                --join\t'One film, or the clips alone' \
                --no-join\t'The opposite of --join' \
                --drop-seam\t'Leave out the frame that two clips share' \
                --resume\t'Go on with a chain, paying only for what is missing' \
                --prompt\t'With --resume: another prompt for clip N' \
                --max-cost\t'Refuse what may cost more' \
                -n\t'Show the request and its price; send nothing, need no key' \
                --dry-run\t'Show the request and its price; send nothing, need no key' \
                --as\t'How --dry-run shows the request' \
                --timeout\t'Stop waiting after 90, 10m or 1h30m; 0 never' \
                -o\t'A file, a folder ending in /, or a template such as {slug}-{id8}.{ext}' \
                --output\t'A file, a folder ending in /, or a template such as {slug}-{id8}.{ext}' \
                --overwrite\t'Replace a different file of that name' \
                -p\t'The profile to use; `sandbox` is free and offline' \
                --profile\t'The profile to use; `sandbox` is free and offline' \
                --json\t'One JSON document on stdout' \
                -q\t'No progress and no notices' \
                --quiet\t'No progress and no notices' \
                -v\t'Tell of each request' \
                --verbose\t'Tell of each request' \
                --progress\t'plain: no animation, a line for each change, as a screen reader reads it' \
                --notify\t'Ring, and notify where the terminal can, after a wait of over 20 s' \
                --no-notify\t'The opposite of --notify' \
                --preview\t'Show what is saved as a small picture, in terminals that can' \
                --no-preview\t'The opposite of --preview' \
                --open\t'Open the first file that is saved, as a double click would' \
                -h\t'Show this message and exit' \
                --help\t'Show this message and exit'
            set valued \
                -m=models:video \
                --model=models:video \
                -i=source:any \
                --image=source:any \
                --first-frame=source:any \
                --resolution=resolutions:video \
                -r=ratios:video \
                --ratio=ratios:video \
                -d=none \
                --duration=none \
                --frames=none \
                --seed=none \
                --priority=none \
                --expires-after=none \
                --safety-id=none \
                --extra=none \
                --resume=chains \
                --prompt=none \
                --max-cost=none \
                --as=words:json,curl \
                --timeout=none \
                -o=files \
                --output=files \
                -p=profiles \
                --profile=profiles \
                --progress=words:auto,plain
        case 'video get'
            set takes tasks:video ...
            set options \
                --wait\t'Follow to the end, then save' \
                --no-wait\t'The opposite of --wait' \
                --timeout\t'Stop waiting after 90, 10m or 1h30m; 0 never' \
                -o\t'A file, a folder ending in /, or a template such as {slug}-{id8}.{ext}' \
                --output\t'A file, a folder ending in /, or a template such as {slug}-{id8}.{ext}' \
                --overwrite\t'Replace a different file of that name' \
                -p\t'The profile to use; `sandbox` is free and offline' \
                --profile\t'The profile to use; `sandbox` is free and offline' \
                --json\t'One JSON document on stdout' \
                -q\t'No progress and no notices' \
                --quiet\t'No progress and no notices' \
                -v\t'Tell of each request' \
                --verbose\t'Tell of each request' \
                --progress\t'plain: no animation, a line for each change, as a screen reader reads it' \
                --notify\t'Ring, and notify where the terminal can, after a wait of over 20 s' \
                --no-notify\t'The opposite of --notify' \
                --preview\t'Show what is saved as a small picture, in terminals that can' \
                --no-preview\t'The opposite of --preview' \
                --open\t'Open the first file that is saved, as a double click would' \
                -h\t'Show this message and exit' \
                --help\t'Show this message and exit'
            set valued \
                --timeout=none \
                -o=files \
                --output=files \
                -p=profiles \
                --profile=profiles \
                --progress=words:auto,plain
        case 'video list'
            set options \
                -n\t'At most so many' \
                --limit\t'At most so many' \
                --status\t'queued, running, succeeded, failed, ...' \
                -m\t'Those of one model' \
                --model\t'Those of one model' \
                --flex\t'Those of offline inference' \
                --no-flex\t'The opposite of --flex' \
                -p\t'The profile to use; `sandbox` is free and offline' \
                --profile\t'The profile to use; `sandbox` is free and offline' \
                --json\t'One JSON document on stdout' \
                -q\t'No progress and no notices' \
                --quiet\t'No progress and no notices' \
                -v\t'Tell of each request' \
                --verbose\t'Tell of each request' \
                -h\t'Show this message and exit' \
                --help\t'Show this message and exit'
            set valued \
                -n=none \
                --limit=none \
                --status=words:queued,running,succeeded,failed,cancelled,expired \
                -m=models:video \
                --model=models:video \
                -p=profiles \
                --profile=profiles
        case 'video cancel'
            set takes queued:video ...
            set options \
                -p\t'The profile to use; `sandbox` is free and offline' \
                --profile\t'The profile to use; `sandbox` is free and offline' \
                --json\t'One JSON document on stdout' \
                -q\t'No progress and no notices' \
                --quiet\t'No progress and no notices' \
                -v\t'Tell of each request' \
                --verbose\t'Tell of each request' \
                -h\t'Show this message and exit' \
                --help\t'Show this message and exit'
            set valued \
                -p=profiles \
                --profile=profiles
        case 'video delete'
            set takes tasks:video ...
            set options \
                --unsaved\t'Also delete finished clips that are not saved' \
                -p\t'The profile to use; `sandbox` is free and offline' \
                --profile\t'The profile to use; `sandbox` is free and offline' \
                --json\t'One JSON document on stdout' \
                -q\t'No progress and no notices' \
                --quiet\t'No progress and no notices' \
                -v\t'Tell of each request' \
                --verbose\t'Tell of each request' \
                -h\t'Show this message and exit' \
                --help\t'Show this message and exit'
            set valued \
                -p=profiles \
                --profile=profiles
        case 'image'
            set below \
                'gen'\t'Make pictures: send, save each as it is made, and print the paths'
            set options \
                -h\t'Show this message and exit' \
                --help\t'Show this message and exit'
        case 'image gen'
            set takes prompt
            set options \
                -m\t'A short name such as seedream-4.5, a full id, or ep-...' \
                --model\t'A short name such as seedream-4.5, a full id, or ep-...' \
                -i\t'A picture to go by: a path, https:// or data: URL, or an earlier picture such as @last#2; repeatable' \
                --image\t'A picture to go by: a path, https:// or data: URL, or an earlier picture such as @last#2; repeatable' \
                --size\t'A size class, or pixels' \
                -r\t'16:9, 4:3, 3:2, 1:1, 21:9 or one of them turned, within the size class' \
                --ratio\t'16:9, 4:3, 3:2, 1:1, 21:9 or one of them turned, within the size class' \
                --count\t'A set of up to N related pictures' \
                --watermark\t'"AI generated" in a corner; off unless asked' \
                --no-watermark\t'The opposite of --watermark' \
                --format\t'Where the model makes both' \
                --transparent\t'Keep the background of one --image see-through (Seedream 5.0 pro, flash)' \
                --layers\t'Take one --image apart into layers (Seedream 5.0 pro, flash)' \
                --seed\t'Same seed, similar picture, where known' \
                --guidance-scale\t'How closely to follow the prompt (3.0)' \
                --stream\t'Save each picture as it is made; on where the model can' \
                --no-stream\t'The opposite of --stream' \
                --optimize-prompt\t'How the service rewords the prompt' \
                --web-search\t'Let the model look things up (Seedream 5.0 lite)' \
                --extra\t'Any other body field, sent as it is; repeatable' \
                --max-cost\t'Refuse what may cost more' \
                -n\t'Show the request and its price; send nothing, need no key' \
                --dry-run\t'Show the request and its price; send nothing, need no key' \
                --as\t'How --dry-run shows the request' \
                -o\t'A file, a folder ending in /, or a template such as {slug}-{id8}.{ext}' \
                --output\t'A file, a folder ending in /, or a template such as {slug}-{id8}.{ext}' \
                --overwrite\t'Replace a different file of that name' \
                -p\t'The profile to use; `sandbox` is free and offline' \
                --profile\t'The profile to use; `sandbox` is free and offline' \
                --json\t'One JSON document on stdout' \
                -q\t'No progress and no notices' \
                --quiet\t'No progress and no notices' \
                -v\t'Tell of each request' \
                --verbose\t'Tell of each request' \
                --progress\t'plain: no animation, a line for each change, as a screen reader reads it' \
                --notify\t'Ring, and notify where the terminal can, after a wait of over 20 s' \
                --no-notify\t'The opposite of --notify' \
                --preview\t'Show what is saved as a small picture, in terminals that can' \
                --no-preview\t'The opposite of --preview' \
                --open\t'Open the first file that is saved, as a double click would' \
                -h\t'Show this message and exit' \
                --help\t'Show this message and exit'
            set valued \
                -m=models:image \
                --model=models:image \
                -i=source:any \
                --image=source:any \
                --size=sizes:image \
                -r=ratios:image \
                --ratio=ratios:image \
                --count=none \
                --format=words:jpeg,png \
                --seed=none \
                --guidance-scale=none \
                --optimize-prompt=words:standard,fast \
                --extra=none \
                --max-cost=none \
                --as=words:json,curl \
                -o=files \
                --output=files \
                -p=profiles \
                --profile=profiles \
                --progress=words:auto,plain
        case 'avatar'
            set below \
                'omnihuman'\t'Make a portrait speak: submit, wait, save, and print the path' \
                'subjects'\t'Show who can speak in a picture: save a mask of each, numbered for --mask-index' \
                'get'\t'Look at avatars, and save what is finished and not saved yet, within its hour' \
                'cancel'\t'Cancel avatars that are still queued'
            set options \
                -h\t'Show this message and exit' \
                --help\t'Show this message and exit'
        case 'avatar omnihuman'
            set options \
                -i\t'The portrait: a path, an https:// URL, or an earlier picture such as @last' \
                --image\t'The portrait: a path, an https:// URL, or an earlier picture such as @last' \
                -a\t'What it says or sings: a WAV or MP3 file, or an https:// URL; under 60 s' \
                --audio\t'What it says or sings: a WAV or MP3 file, or an https:// URL; under 60 s' \
                -m\t'Which OmniHuman' \
                --model\t'Which OmniHuman' \
                --mask-index\t'Who speaks, where several could: 0 is the largest; repeatable' \
                --mask-url\t'The same by a mask of your own; repeatable' \
                --prompt\t'How they move, and what the camera does. @FILE reads a file' \
                --resolution\t'Lines' \
                --seed\t'Same seed, similar video' \
                --fast\t'Sooner, and not as good' \
                --no-fast\t'The opposite of --fast' \
                --max-cost\t'Refuse what may cost more' \
                -n\t'Show the request and its price; send nothing, need no key' \
                --dry-run\t'Show the request and its price; send nothing, need no key' \
                --wait\t'Wait and save; or print the task id and leave' \
                --no-wait\t'The opposite of --wait' \
                --timeout\t'Stop waiting after 90, 10m or 1h30m; 0 never' \
                -o\t'A file, a folder ending in /, or a template such as {slug}-{id8}.{ext}' \
                --output\t'A file, a folder ending in /, or a template such as {slug}-{id8}.{ext}' \
                --overwrite\t'Replace a different file of that name' \
                --keep\t'Leave what is uploaded in storage; else it goes once the clip is saved' \
                --no-keep\t'The opposite of --keep' \
                -p\t'The profile to use; `sandbox` is free and offline' \
                --profile\t'The profile to use; `sandbox` is free and offline' \
                --json\t'One JSON document on stdout' \
                -q\t'No progress and no notices' \
                --quiet\t'No progress and no notices' \
                -v\t'Tell of each request' \
                --verbose\t'Tell of each request' \
                --progress\t'plain: no animation, a line for each change, as a screen reader reads it' \
                --notify\t'Ring, and notify where the terminal can, after a wait of over 20 s' \
                --no-notify\t'The opposite of --notify' \
                --preview\t'Show what is saved as a small picture, in terminals that can' \
                --no-preview\t'The opposite of --preview' \
                --open\t'Open the first file that is saved, as a double click would' \
                -h\t'Show this message and exit' \
                --help\t'Show this message and exit'
            set valued \
                -i=source:any \
                --image=source:any \
                -a=files \
                --audio=files \
                -m=words:1.5,1.0 \
                --model=words:1.5,1.0 \
                --mask-index=none \
                --mask-url=none \
                --prompt=prompt \
                --resolution=words:720,1080 \
                --seed=none \
                --max-cost=none \
                --timeout=none \
                -o=files \
                --output=files \
                -p=profiles \
                --profile=profiles \
                --progress=words:auto,plain
        case 'avatar subjects'
            set options \
                -i\t'The portrait: a path, an https:// URL, or an earlier picture such as @last' \
                --image\t'The portrait: a path, an https:// URL, or an earlier picture such as @last' \
                -o\t'A file, a folder ending in /, or a template such as {slug}-{id8}.{ext}' \
                --output\t'A file, a folder ending in /, or a template such as {slug}-{id8}.{ext}' \
                -p\t'The profile to use; `sandbox` is free and offline' \
                --profile\t'The profile to use; `sandbox` is free and offline' \
                --json\t'One JSON document on stdout' \
                -q\t'No progress and no notices' \
                --quiet\t'No progress and no notices' \
                -v\t'Tell of each request' \
                --verbose\t'Tell of each request' \
                --progress\t'plain: no animation, a line for each change, as a screen reader reads it' \
                --notify\t'Ring, and notify where the terminal can, after a wait of over 20 s' \
                --no-notify\t'The opposite of --notify' \
                -h\t'Show this message and exit' \
                --help\t'Show this message and exit'
            set valued \
                -i=source:any \
                --image=source:any \
                -o=files \
                --output=files \
                -p=profiles \
                --profile=profiles \
                --progress=words:auto,plain
        case 'avatar get'
            set takes tasks:avatar ...
            set options \
                --wait\t'Follow to the end, then save' \
                --no-wait\t'The opposite of --wait' \
                --timeout\t'Stop waiting after 90, 10m or 1h30m; 0 never' \
                -o\t'A file, a folder ending in /, or a template such as {slug}-{id8}.{ext}' \
                --output\t'A file, a folder ending in /, or a template such as {slug}-{id8}.{ext}' \
                --overwrite\t'Replace a different file of that name' \
                -p\t'The profile to use; `sandbox` is free and offline' \
                --profile\t'The profile to use; `sandbox` is free and offline' \
                --json\t'One JSON document on stdout' \
                -q\t'No progress and no notices' \
                --quiet\t'No progress and no notices' \
                -v\t'Tell of each request' \
                --verbose\t'Tell of each request' \
                --progress\t'plain: no animation, a line for each change, as a screen reader reads it' \
                --notify\t'Ring, and notify where the terminal can, after a wait of over 20 s' \
                --no-notify\t'The opposite of --notify' \
                --preview\t'Show what is saved as a small picture, in terminals that can' \
                --no-preview\t'The opposite of --preview' \
                --open\t'Open the first file that is saved, as a double click would' \
                -h\t'Show this message and exit' \
                --help\t'Show this message and exit'
            set valued \
                --timeout=none \
                -o=files \
                --output=files \
                -p=profiles \
                --profile=profiles \
                --progress=words:auto,plain
        case 'avatar cancel'
            set takes queued:avatar ...
            set options \
                -p\t'The profile to use; `sandbox` is free and offline' \
                --profile\t'The profile to use; `sandbox` is free and offline' \
                --json\t'One JSON document on stdout' \
                -q\t'No progress and no notices' \
                --quiet\t'No progress and no notices' \
                -v\t'Tell of each request' \
                --verbose\t'Tell of each request' \
                -h\t'Show this message and exit' \
                --help\t'Show this message and exit'
            set valued \
                -p=profiles \
                --profile=profiles
        case 'batch'
            set below \
                'run'\t'Make everything in a manifest: check it, price it, submit, wait, save, print the paths' \
                'status'\t'Where runs stand: what is saved, under way, failed, or still to do' \
                'merge'\t'Print the results of several machines as one: a line of JSON a row, in order'
            set options \
                -h\t'Show this message and exit' \
                --help\t'Show this message and exit'
        case 'batch run'
            set takes files
            set options \
                --kind\t'What rows make that name no kind; the options below are for these' \
                -m\t'The model' \
                --model\t'The model' \
                --resolution\t'Of clips' \
                -r\t'16:9, 9:16, ...' \
                --ratio\t'16:9, 9:16, ...' \
                -d\t'Of clips' \
                --duration\t'Of clips' \
                --size\t'Of pictures' \
                --audio\t'Clips with sound or without' \
                --no-audio\t'The opposite of --audio' \
                --watermark\t'"AI generated" in a corner' \
                --no-watermark\t'The opposite of --watermark' \
                --camera-fixed\t'Keep the camera still' \
                --no-camera-fixed\t'The opposite of --camera-fixed' \
                --save-last-frame\t'Save the last frames too' \
                --no-save-last-frame\t'The opposite of --save-last-frame' \
                --flex\t'Half the price, and slow' \
                --no-flex\t'The opposite of --flex' \
                --expires-after\t'Give up if not done by then' \
                --priority\t'Higher starts sooner' \
                --format\t'The file format' \
                --callback-url\t'Where the service reports' \
                --safety-id\t'A hash of your end user' \
                -j\t'How many of one model may be open at once; else 5 more than it runs' \
                --jobs\t'How many of one model may be open at once; else 5 more than it runs' \
                --shard\t'Only this machine\'s part; auto asks Kubernetes, Slurm, GitLab, Buildkite' \
                --done\t'Leave out what these results of other machines say is saved; repeatable' \
                --retry-failed\t'Also make what failed before' \
                --max-failures\t'Submit nothing more after N failures' \
                --fail-fast\t'The same after the first' \
                --max-cost\t'Submit nothing more that would pass it' \
                -y\t'Agree to more than confirm_above' \
                --yes\t'Agree to more than confirm_above' \
                -n\t'Check, price and name everything; send nothing, need no key' \
                --dry-run\t'Check, price and name everything; send nothing, need no key' \
                -o\t'A folder ending in /, or a template such as {row.name}.{ext}' \
                --output\t'A folder ending in /, or a template such as {row.name}.{ext}' \
                -p\t'The profile to use; `sandbox` is free and offline' \
                --profile\t'The profile to use; `sandbox` is free and offline' \
                --json\t'One JSON document on stdout' \
                -q\t'No progress and no notices' \
                --quiet\t'No progress and no notices' \
                -v\t'Tell of each request' \
                --verbose\t'Tell of each request' \
                --progress\t'plain: no animation, a line for each change, as a screen reader reads it' \
                --notify\t'Ring, and notify where the terminal can, after a wait of over 20 s' \
                --no-notify\t'The opposite of --notify' \
                -h\t'Show this message and exit' \
                --help\t'Show this message and exit'
            set valued \
                --kind=words:video,image,avatar \
                -m=models:any \
                --model=models:any \
                --resolution=resolutions:any \
                -r=ratios:any \
                --ratio=ratios:any \
                -d=none \
                --duration=none \
                --size=sizes:any \
                --expires-after=none \
                --priority=none \
                --format=words:mp4,mov,jpeg,png \
                --callback-url=none \
                --safety-id=none \
                -j=none \
                --jobs=none \
                --shard=words:auto \
                --done=files \
                --max-failures=none \
                --max-cost=none \
                -o=files \
                --output=files \
                -p=profiles \
                --profile=profiles \
                --progress=words:auto,plain
        case 'batch status'
            set takes none
            set options \
                -p\t'The profile to use; `sandbox` is free and offline' \
                --profile\t'The profile to use; `sandbox` is free and offline' \
                --json\t'One JSON document on stdout' \
                -q\t'No progress and no notices' \
                --quiet\t'No progress and no notices' \
                -v\t'Tell of each request' \
                --verbose\t'Tell of each request' \
                -h\t'Show this message and exit' \
                --help\t'Show this message and exit'
            set valued \
                -p=profiles \
                --profile=profiles
        case 'batch merge'
            set takes files ...
            set options \
                -p\t'The profile to use; `sandbox` is free and offline' \
                --profile\t'The profile to use; `sandbox` is free and offline' \
                --json\t'One JSON document on stdout' \
                -q\t'No progress and no notices' \
                --quiet\t'No progress and no notices' \
                -v\t'Tell of each request' \
                --verbose\t'Tell of each request' \
                -h\t'Show this message and exit' \
                --help\t'Show this message and exit'
            set valued \
                -p=profiles \
                --profile=profiles
        case 'rescue'
            set options \
                --all\t'Also what other machines made with this account' \
                -n\t'List what would be saved' \
                --dry-run\t'List what would be saved' \
                -j\t'How many at a time' \
                --jobs\t'How many at a time' \
                --watch\t'Go on for ever, with that pause: 10m, 1h' \
                -o\t'A file, a folder ending in /, or a template such as {slug}-{id8}.{ext}' \
                --output\t'A file, a folder ending in /, or a template such as {slug}-{id8}.{ext}' \
                -p\t'The profile to use; `sandbox` is free and offline' \
                --profile\t'The profile to use; `sandbox` is free and offline' \
                --json\t'One JSON document on stdout' \
                -q\t'No progress and no notices' \
                --quiet\t'No progress and no notices' \
                -v\t'Tell of each request' \
                --verbose\t'Tell of each request' \
                -h\t'Show this message and exit' \
                --help\t'Show this message and exit'
            set valued \
                -j=none \
                --jobs=none \
                --watch=none \
                -o=files \
                --output=files \
                -p=profiles \
                --profile=profiles
        case 'history'
            set below \
                'list'\t'Everything made on this machine, newest first' \
                'show'\t'All that is known of one thing, by its id or a file of it' \
                'cost'\t'Add up what was charged, and what is still open'
            set options \
                -h\t'Show this message and exit' \
                --help\t'Show this message and exit'
        case 'history list'
            set options \
                --kind\t'Only what is of that kind' \
                --status\t'succeeded, failed, running, unknown, ...' \
                -m\t'A full id; a shorter name stands for every date' \
                --model\t'A full id; a shorter name stands for every date' \
                --since\t'From then on: 2d, 12h, or 2026-11-01' \
                --until\t'Until then; a day counts to its end' \
                --grep\t'In the prompt or a file\'s name, in capitals or not' \
                --unsaved\t'Only what was never saved here' \
                -n\t'No more than the newest N' \
                --limit\t'No more than the newest N' \
                -p\t'The profile to use; `sandbox` is free and offline' \
                --profile\t'The profile to use; `sandbox` is free and offline' \
                --json\t'One JSON document on stdout' \
                -q\t'No progress and no notices' \
                --quiet\t'No progress and no notices' \
                -v\t'Tell of each request' \
                --verbose\t'Tell of each request' \
                -h\t'Show this message and exit' \
                --help\t'Show this message and exit'
            set valued \
                --kind=words:video,image,avatar \
                --status=words:queued,running,succeeded,failed,cancelled,expired \
                -m=models:any \
                --model=models:any \
                --since=none \
                --until=none \
                --grep=none \
                -n=none \
                --limit=none \
                -p=profiles \
                --profile=profiles
        case 'history show'
            set takes source:any
            set options \
                --command\t'Print the command line that would make it again' \
                -p\t'The profile to use; `sandbox` is free and offline' \
                --profile\t'The profile to use; `sandbox` is free and offline' \
                --json\t'One JSON document on stdout' \
                -q\t'No progress and no notices' \
                --quiet\t'No progress and no notices' \
                -v\t'Tell of each request' \
                --verbose\t'Tell of each request' \
                -h\t'Show this message and exit' \
                --help\t'Show this message and exit'
            set valued \
                -p=profiles \
                --profile=profiles
        case 'history cost'
            set options \
                --by\t'What to add up' \
                --since\t'From then on: 2d, 12h, or 2026-11-01' \
                --until\t'Until then; a day counts to its end' \
                -p\t'The profile to use; `sandbox` is free and offline' \
                --profile\t'The profile to use; `sandbox` is free and offline' \
                --json\t'One JSON document on stdout' \
                -q\t'No progress and no notices' \
                --quiet\t'No progress and no notices' \
                -v\t'Tell of each request' \
                --verbose\t'Tell of each request' \
                -h\t'Show this message and exit' \
                --help\t'Show this message and exit'
            set valued \
                --by=words:day,month,model,profile,kind \
                --since=none \
                --until=none \
                -p=profiles \
                --profile=profiles
        case 'models'
            set below \
                'list'\t'Every model, current ones first, with prices to compare' \
                'show'\t'All that is known of one model'
            set options \
                -h\t'Show this message and exit' \
                --help\t'Show this message and exit'
        case 'models list'
            set options \
                --kind\t'Only models that make these' \
                -p\t'The profile to use; `sandbox` is free and offline' \
                --profile\t'The profile to use; `sandbox` is free and offline' \
                --json\t'One JSON document on stdout' \
                -q\t'No progress and no notices' \
                --quiet\t'No progress and no notices' \
                -v\t'Tell of each request' \
                --verbose\t'Tell of each request' \
                -h\t'Show this message and exit' \
                --help\t'Show this message and exit'
            set valued \
                --kind=words:video,image,avatar \
                -p=profiles \
                --profile=profiles
        case 'models show'
            set takes models:any
            set options \
                -p\t'The profile to use; `sandbox` is free and offline' \
                --profile\t'The profile to use; `sandbox` is free and offline' \
                --json\t'One JSON document on stdout' \
                -q\t'No progress and no notices' \
                --quiet\t'No progress and no notices' \
                -v\t'Tell of each request' \
                --verbose\t'Tell of each request' \
                -h\t'Show this message and exit' \
                --help\t'Show this message and exit'
            set valued \
                -p=profiles \
                --profile=profiles
        case 'webhook'
            set below \
                'listen'\t'Take callbacks, look each task up, and save what is finished' \
                'trigger'\t'Send one callback as the service would, to try a receiver with'
            set options \
                -h\t'Show this message and exit' \
                --help\t'Show this message and exit'
        case 'webhook listen'
            set options \
                --port\t'0 takes a free one' \
                --host\t'The address to listen on' \
                --path\t'The one path that is answered; a long one keeps strangers out' \
                --forward-to\t'Pass callbacks about the account\'s tasks on to your own server, as they came' \
                --exit-after\t'End once N tasks of this machine have ended, saved or not' \
                --all\t'Also save what other machines made with this account' \
                -o\t'A file, a folder ending in /, or a template such as {slug}-{id8}.{ext}' \
                --output\t'A file, a folder ending in /, or a template such as {slug}-{id8}.{ext}' \
                --overwrite\t'Replace a different file of that name' \
                -p\t'The profile to use; `sandbox` is free and offline' \
                --profile\t'The profile to use; `sandbox` is free and offline' \
                --json\t'One JSON document on stdout' \
                -q\t'No progress and no notices' \
                --quiet\t'No progress and no notices' \
                -v\t'Tell of each request' \
                --verbose\t'Tell of each request' \
                -h\t'Show this message and exit' \
                --help\t'Show this message and exit'
            set valued \
                --port=none \
                --host=none \
                --path=none \
                --forward-to=none \
                --exit-after=none \
                -o=files \
                --output=files \
                -p=profiles \
                --profile=profiles
        case 'webhook trigger'
            set takes words:queued,running,succeeded,failed,cancelled,expired
            set options \
                --to\t'Where to send it' \
                --id\t'A task that exists, or @last; without it an id is made up' \
                -p\t'The profile to use; `sandbox` is free and offline' \
                --profile\t'The profile to use; `sandbox` is free and offline' \
                --json\t'One JSON document on stdout' \
                -q\t'No progress and no notices' \
                --quiet\t'No progress and no notices' \
                -v\t'Tell of each request' \
                --verbose\t'Tell of each request' \
                -h\t'Show this message and exit' \
                --help\t'Show this message and exit'
            set valued \
                --to=none \
                --id=tasks:any \
                -p=profiles \
                --profile=profiles
        case 'doctor'
            set options \
                --offline\t'Only look at this machine' \
                -p\t'The profile to use; `sandbox` is free and offline' \
                --profile\t'The profile to use; `sandbox` is free and offline' \
                --json\t'One JSON document on stdout' \
                -q\t'No progress and no notices' \
                --quiet\t'No progress and no notices' \
                -v\t'Tell of each request' \
                --verbose\t'Tell of each request' \
                -h\t'Show this message and exit' \
                --help\t'Show this message and exit'
            set valued \
                -p=profiles \
                --profile=profiles
        case 'config'
            set below \
                'init'\t'Store an API key, the first step with the real service' \
                'list'\t'Every setting of the profile, with where it comes from' \
                'get'\t'One setting of the profile' \
                'set'\t'Set a value in the profile' \
                'unset'\t'Remove a value from the profile' \
                'use'\t'Make a profile the default one' \
                'path'\t'Where config.toml is'
            set options \
                -h\t'Show this message and exit' \
                --help\t'Show this message and exit'
        case 'config init'
            set options \
                -p\t'The profile to use; `sandbox` is free and offline' \
                --profile\t'The profile to use; `sandbox` is free and offline' \
                --json\t'One JSON document on stdout' \
                -q\t'No progress and no notices' \
                --quiet\t'No progress and no notices' \
                -v\t'Tell of each request' \
                --verbose\t'Tell of each request' \
                -h\t'Show this message and exit' \
                --help\t'Show this message and exit'
            set valued \
                -p=profiles \
                --profile=profiles
        case 'config list'
            set options \
                -p\t'The profile to use; `sandbox` is free and offline' \
                --profile\t'The profile to use; `sandbox` is free and offline' \
                --json\t'One JSON document on stdout' \
                -q\t'No progress and no notices' \
                --quiet\t'No progress and no notices' \
                -v\t'Tell of each request' \
                --verbose\t'Tell of each request' \
                -h\t'Show this message and exit' \
                --help\t'Show this message and exit'
            set valued \
                -p=profiles \
                --profile=profiles
        case 'config get'
            set takes words:api_key,access_key,secret_key,base_url,vision_url,output,max_cost,confirm_above,progress,notify,video.model,video.resolution,video.ratio,video.duration,video.camera_fixed,video.audio,video.watermark,video.save_last_frame,video.priority,video.flex,video.expires_after,video.callback_url,video.safety_id,image.model,image.size,image.ratio,image.watermark,image.format,avatar.model,avatar.resolution,storage.url,storage.endpoint,storage.region,storage.access_key,storage.secret_key
            set options \
                -p\t'The profile to use; `sandbox` is free and offline' \
                --profile\t'The profile to use; `sandbox` is free and offline' \
                --json\t'One JSON document on stdout' \
                -q\t'No progress and no notices' \
                --quiet\t'No progress and no notices' \
                -v\t'Tell of each request' \
                --verbose\t'Tell of each request' \
                -h\t'Show this message and exit' \
                --help\t'Show this message and exit'
            set valued \
                -p=profiles \
                --profile=profiles
        case 'config set'
            set takes words:api_key,access_key,secret_key,base_url,vision_url,output,max_cost,confirm_above,progress,notify,video.model,video.resolution,video.ratio,video.duration,video.camera_fixed,video.audio,video.watermark,video.save_last_frame,video.priority,video.flex,video.expires_after,video.callback_url,video.safety_id,image.model,image.size,image.ratio,image.watermark,image.format,avatar.model,avatar.resolution,storage.url,storage.endpoint,storage.region,storage.access_key,storage.secret_key value
            set options \
                -p\t'The profile to use; `sandbox` is free and offline' \
                --profile\t'The profile to use; `sandbox` is free and offline' \
                --json\t'One JSON document on stdout' \
                -q\t'No progress and no notices' \
                --quiet\t'No progress and no notices' \
                -v\t'Tell of each request' \
                --verbose\t'Tell of each request' \
                -h\t'Show this message and exit' \
                --help\t'Show this message and exit'
            set valued \
                -p=profiles \
                --profile=profiles
        case 'config unset'
            set takes words:api_key,access_key,secret_key,base_url,vision_url,output,max_cost,confirm_above,progress,notify,video.model,video.resolution,video.ratio,video.duration,video.camera_fixed,video.audio,video.watermark,video.save_last_frame,video.priority,video.flex,video.expires_after,video.callback_url,video.safety_id,image.model,image.size,image.ratio,image.watermark,image.format,avatar.model,avatar.resolution,storage.url,storage.endpoint,storage.region,storage.access_key,storage.secret_key
            set options \
                -p\t'The profile to use; `sandbox` is free and offline' \
                --profile\t'The profile to use; `sandbox` is free and offline' \
                --json\t'One JSON document on stdout' \
                -q\t'No progress and no notices' \
                --quiet\t'No progress and no notices' \
                -v\t'Tell of each request' \
                --verbose\t'Tell of each request' \
                -h\t'Show this message and exit' \
                --help\t'Show this message and exit'
            set valued \
                -p=profiles \
                --profile=profiles
        case 'config use'
            set takes profiles
            set options \
                -p\t'The profile to use; `sandbox` is free and offline' \
                --profile\t'The profile to use; `sandbox` is free and offline' \
                --json\t'One JSON document on stdout' \
                -q\t'No progress and no notices' \
                --quiet\t'No progress and no notices' \
                -v\t'Tell of each request' \
                --verbose\t'Tell of each request' \
                -h\t'Show this message and exit' \
                --help\t'Show this message and exit'
            set valued \
                -p=profiles \
                --profile=profiles
        case 'config path'
            set options \
                -p\t'The profile to use; `sandbox` is free and offline' \
                --profile\t'The profile to use; `sandbox` is free and offline' \
                --json\t'One JSON document on stdout' \
                -q\t'No progress and no notices' \
                --quiet\t'No progress and no notices' \
                -v\t'Tell of each request' \
                --verbose\t'Tell of each request' \
                -h\t'Show this message and exit' \
                --help\t'Show this message and exit'
            set valued \
                -p=profiles \
                --profile=profiles
        case 'sandbox'
            set below \
                'serve'\t'Run the sandbox until Ctrl-C, for other programs to talk to' \
                'reset'\t'Forget all tasks, pictures and uploads; files that were saved stay'
            set options \
                -h\t'Show this message and exit' \
                --help\t'Show this message and exit'
        case 'sandbox serve'
            set options \
                --port\t'0 takes a free one' \
                -p\t'The profile to use; `sandbox` is free and offline' \
                --profile\t'The profile to use; `sandbox` is free and offline' \
                --json\t'One JSON document on stdout' \
                -q\t'No progress and no notices' \
                --quiet\t'No progress and no notices' \
                -v\t'Tell of each request' \
                --verbose\t'Tell of each request' \
                -h\t'Show this message and exit' \
                --help\t'Show this message and exit'
            set valued \
                --port=none \
                -p=profiles \
                --profile=profiles
        case 'sandbox reset'
            set options \
                -p\t'The profile to use; `sandbox` is free and offline' \
                --profile\t'The profile to use; `sandbox` is free and offline' \
                --json\t'One JSON document on stdout' \
                -q\t'No progress and no notices' \
                --quiet\t'No progress and no notices' \
                -v\t'Tell of each request' \
                --verbose\t'Tell of each request' \
                -h\t'Show this message and exit' \
                --help\t'Show this message and exit'
            set valued \
                -p=profiles \
                --profile=profiles
        case 'completion'
            set takes words:bash,zsh,fish,powershell
            set options \
                -p\t'The profile to use; `sandbox` is free and offline' \
                --profile\t'The profile to use; `sandbox` is free and offline' \
                --json\t'One JSON document on stdout' \
                -q\t'No progress and no notices' \
                --quiet\t'No progress and no notices' \
                -v\t'Tell of each request' \
                --verbose\t'Tell of each request' \
                -h\t'Show this message and exit' \
                --help\t'Show this message and exit'
            set valued \
                -p=profiles \
                --profile=profiles
        case 'help'
            set takes words:avatar,batch,ci,completion,config,doctor,environment,errors,exit-codes,files,help,history,image,models,prompts,rescue,sandbox,templates,video,webhook ...
            set options \
                -p\t'The profile to use; `sandbox` is free and offline' \
                --profile\t'The profile to use; `sandbox` is free and offline' \
                --json\t'One JSON document on stdout' \
                -q\t'No progress and no notices' \
                --quiet\t'No progress and no notices' \
                -v\t'Tell of each request' \
                --verbose\t'Tell of each request' \
                -h\t'Show this message and exit' \
                --help\t'Show this message and exit'
            set valued \
                -p=profiles \
                --profile=profiles
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
