# Completion of byteplus in bash, from 3.2 on, with bash-completion and without.
# Made from the commands themselves by `python -m tests.regenerate`.

# What may follow a command: the words below it, how its arguments complete (`...` repeats the
# one before), its options with how their values complete, and those without a value.
_byteplus_facts() {
    below='' takes='' valued='' flags=''
    case $1 in
    '')
        below='video image avatar batch rescue history models webhook doctor config sandbox completion help'
        flags='-V --version -h --help'
        ;;
    'video')
        below='create draft finalize chain get list cancel delete'
        flags='-h --help'
        ;;
    'video create')
        takes='prompt'
        valued='-m=models:video --model=models:video -i=source:any --image=source:any --first-frame=source:any --last-frame=source:any --ref-image=source:any --ref-video=source:any --ref-audio=files --resolution=resolutions:video -r=ratios:video --ratio=ratios:video -d=none --duration=none --frames=none --seed=none --count=none --format=words:mp4,mov --task-type=words:auto,reference,edit,extend --priority=none --expires-after=none --callback-url=none --safety-id=none --extra=none --max-cost=none --as=words:json,curl --timeout=none -o=files --output=files -p=profiles --profile=profiles --progress=words:auto,plain'
        flags='--camera-fixed --no-camera-fixed --audio --no-audio --watermark --no-watermark --save-last-frame --no-save-last-frame --flex --no-flex -n --dry-run --wait --no-wait --overwrite --keep --no-keep --json -q --quiet -v --verbose --notify --no-notify --preview --no-preview --open -h --help'
        ;;
    'video draft')
        takes='prompt'
        valued='-m=models:video --model=models:video -i=source:any --image=source:any --first-frame=source:any --last-frame=source:any --ref-image=source:any --ref-video=source:any --ref-audio=files --resolution=resolutions:video -r=ratios:video --ratio=ratios:video -d=none --duration=none --frames=none --seed=none --format=words:mp4,mov --task-type=words:auto,reference,edit,extend --priority=none --expires-after=none --callback-url=none --safety-id=none --extra=none --max-cost=none --as=words:json,curl --timeout=none -o=files --output=files -p=profiles --profile=profiles --progress=words:auto,plain'
        flags='--camera-fixed --no-camera-fixed --audio --no-audio --watermark --no-watermark --save-last-frame --no-save-last-frame --flex --no-flex -n --dry-run --wait --no-wait --overwrite --keep --no-keep --json -q --quiet -v --verbose --notify --no-notify --preview --no-preview --open -h --help'
        ;;
    'video finalize')
        takes='drafts:video'
        valued='--resolution=words:480p,720p,1080p,4k --format=words:mp4,mov --priority=none --expires-after=none --callback-url=none --safety-id=none --extra=none --max-cost=none --as=words:json,curl --timeout=none -o=files --output=files -p=profiles --profile=profiles --progress=words:auto,plain'
        flags='--watermark --no-watermark --save-last-frame --no-save-last-frame -n --dry-run --wait --no-wait --overwrite --json -q --quiet -v --verbose --notify --no-notify --preview --no-preview --open -h --help'
        ;;
    'video chain')
        takes='prompt ...'
        valued='-m=models:video --model=models:video -i=source:any --image=source:any --first-frame=source:any --resolution=resolutions:video -r=ratios:video --ratio=ratios:video -d=none --duration=none --frames=none --seed=none --priority=none --expires-after=none --safety-id=none --extra=none --resume=chains --prompt=none --max-cost=none --as=words:json,curl --timeout=none -o=files --output=files -p=profiles --profile=profiles --progress=words:auto,plain'
        flags='--camera-fixed --no-camera-fixed --audio --no-audio --watermark --no-watermark --flex --no-flex --join --no-join --drop-seam -n --dry-run --overwrite --json -q --quiet -v --verbose --notify --no-notify --preview --no-preview --open -h --help'
        ;;
    'video get')
        takes='tasks:video ...'
        valued='--timeout=none -o=files --output=files -p=profiles --profile=profiles --progress=words:auto,plain'
        flags='--wait --no-wait --overwrite --json -q --quiet -v --verbose --notify --no-notify --preview --no-preview --open -h --help'
        ;;
    'video list')
        valued='-n=none --limit=none --status=words:queued,running,succeeded,failed,cancelled,expired -m=models:video --model=models:video -p=profiles --profile=profiles'
        flags='--flex --no-flex --json -q --quiet -v --verbose -h --help'
        ;;
    'video cancel')
        takes='queued:video ...'
        valued='-p=profiles --profile=profiles'
        flags='--json -q --quiet -v --verbose -h --help'
        ;;
    'video delete')
        takes='tasks:video ...'
        valued='-p=profiles --profile=profiles'
        flags='--unsaved --json -q --quiet -v --verbose -h --help'
        ;;
    'image')
        below='gen'
        flags='-h --help'
        ;;
    'image gen')
        takes='prompt'
        valued='-m=models:image --model=models:image -i=source:any --image=source:any --size=sizes:image -r=ratios:image --ratio=ratios:image --count=none --format=words:jpeg,png --seed=none --guidance-scale=none --optimize-prompt=words:standard,fast --extra=none --max-cost=none --as=words:json,curl -o=files --output=files -p=profiles --profile=profiles --progress=words:auto,plain'
        flags='--watermark --no-watermark --transparent --layers --stream --no-stream --web-search -n --dry-run --overwrite --json -q --quiet -v --verbose --notify --no-notify --preview --no-preview --open -h --help'
        ;;
    'avatar')
        below='omnihuman subjects get cancel'
        flags='-h --help'
        ;;
    'avatar omnihuman')
        valued='-i=source:any --image=source:any -a=files --audio=files -m=words:1.5,1.0 --model=words:1.5,1.0 --mask-index=none --mask-url=none --prompt=prompt --resolution=words:720,1080 --seed=none --max-cost=none --timeout=none -o=files --output=files -p=profiles --profile=profiles --progress=words:auto,plain'
        flags='--fast --no-fast -n --dry-run --wait --no-wait --overwrite --keep --no-keep --json -q --quiet -v --verbose --notify --no-notify --preview --no-preview --open -h --help'
        ;;
    'avatar subjects')
        valued='-i=source:any --image=source:any -o=files --output=files -p=profiles --profile=profiles --progress=words:auto,plain'
        flags='--json -q --quiet -v --verbose --notify --no-notify -h --help'
        ;;
    'avatar get')
        takes='tasks:avatar ...'
        valued='--timeout=none -o=files --output=files -p=profiles --profile=profiles --progress=words:auto,plain'
        flags='--wait --no-wait --overwrite --json -q --quiet -v --verbose --notify --no-notify --preview --no-preview --open -h --help'
        ;;
    'avatar cancel')
        takes='queued:avatar ...'
        valued='-p=profiles --profile=profiles'
        flags='--json -q --quiet -v --verbose -h --help'
        ;;
    'batch')
        below='run status merge'
        flags='-h --help'
        ;;
    'batch run')
        takes='files'
        valued='--kind=words:video,image,avatar -m=models:any --model=models:any --resolution=resolutions:any -r=ratios:any --ratio=ratios:any -d=none --duration=none --size=sizes:any --expires-after=none --priority=none --format=words:mp4,mov,jpeg,png --callback-url=none --safety-id=none -j=none --jobs=none --shard=words:auto --done=files --max-failures=none --max-cost=none -o=files --output=files -p=profiles --profile=profiles --progress=words:auto,plain'
        flags='--audio --no-audio --watermark --no-watermark --camera-fixed --no-camera-fixed --save-last-frame --no-save-last-frame --flex --no-flex --retry-failed --fail-fast -y --yes -n --dry-run --json -q --quiet -v --verbose --notify --no-notify -h --help'
        ;;
    'batch status')
        takes='none'
        valued='-p=profiles --profile=profiles'
        flags='--json -q --quiet -v --verbose -h --help'
        ;;
    'batch merge')
        takes='files ...'
        valued='-p=profiles --profile=profiles'
        flags='--json -q --quiet -v --verbose -h --help'
        ;;
    'rescue')
        valued='-j=none --jobs=none --watch=none -o=files --output=files -p=profiles --profile=profiles'
        flags='--all -n --dry-run --json -q --quiet -v --verbose -h --help'
        ;;
    'history')
        below='list show cost'
        flags='-h --help'
        ;;
    'history list')
        valued='--kind=words:video,image,avatar --status=words:queued,running,succeeded,failed,cancelled,expired -m=models:any --model=models:any --since=none --until=none --grep=none -n=none --limit=none -p=profiles --profile=profiles'
        flags='--unsaved --json -q --quiet -v --verbose -h --help'
        ;;
    'history show')
        takes='source:any'
        valued='-p=profiles --profile=profiles'
        flags='--command --json -q --quiet -v --verbose -h --help'
        ;;
    'history cost')
        valued='--by=words:day,month,model,profile,kind --since=none --until=none -p=profiles --profile=profiles'
        flags='--json -q --quiet -v --verbose -h --help'
        ;;
    'models')
        below='list show'
        flags='-h --help'
        ;;
    'models list')
        valued='--kind=words:video,image,avatar -p=profiles --profile=profiles'
        flags='--json -q --quiet -v --verbose -h --help'
        ;;
    'models show')
        takes='models:any'
        valued='-p=profiles --profile=profiles'
        flags='--json -q --quiet -v --verbose -h --help'
        ;;
    'webhook')
        below='listen trigger'
        flags='-h --help'
        ;;
    'webhook listen')
        valued='--port=none --host=none --path=none --forward-to=none --exit-after=none -o=files --output=files -p=profiles --profile=profiles'
        flags='--all --overwrite --json -q --quiet -v --verbose -h --help'
        ;;
    'webhook trigger')
        takes='words:queued,running,succeeded,failed,cancelled,expired'
        valued='--to=none --id=tasks:any -p=profiles --profile=profiles'
        flags='--json -q --quiet -v --verbose -h --help'
        ;;
    'doctor')
        valued='-p=profiles --profile=profiles'
        flags='--offline --json -q --quiet -v --verbose -h --help'
        ;;
    'config')
        below='init list get set unset use path'
        flags='-h --help'
        ;;
    'config init')
        valued='-p=profiles --profile=profiles'
        flags='--json -q --quiet -v --verbose -h --help'
        ;;
    'config list')
        valued='-p=profiles --profile=profiles'
        flags='--json -q --quiet -v --verbose -h --help'
        ;;
    'config get')
        takes='words:api_key,access_key,secret_key,base_url,vision_url,output,max_cost,confirm_above,progress,notify,video.model,video.resolution,video.ratio,video.duration,video.camera_fixed,video.audio,video.watermark,video.save_last_frame,video.priority,video.flex,video.expires_after,video.callback_url,video.safety_id,image.model,image.size,image.ratio,image.watermark,image.format,avatar.model,avatar.resolution,storage.url,storage.endpoint,storage.region,storage.access_key,storage.secret_key'
        valued='-p=profiles --profile=profiles'
        flags='--json -q --quiet -v --verbose -h --help'
        ;;
    'config set')
        takes='words:api_key,access_key,secret_key,base_url,vision_url,output,max_cost,confirm_above,progress,notify,video.model,video.resolution,video.ratio,video.duration,video.camera_fixed,video.audio,video.watermark,video.save_last_frame,video.priority,video.flex,video.expires_after,video.callback_url,video.safety_id,image.model,image.size,image.ratio,image.watermark,image.format,avatar.model,avatar.resolution,storage.url,storage.endpoint,storage.region,storage.access_key,storage.secret_key value'
        valued='-p=profiles --profile=profiles'
        flags='--json -q --quiet -v --verbose -h --help'
        ;;
    'config unset')
        takes='words:api_key,access_key,secret_key,base_url,vision_url,output,max_cost,confirm_above,progress,notify,video.model,video.resolution,video.ratio,video.duration,video.camera_fixed,video.audio,video.watermark,video.save_last_frame,video.priority,video.flex,video.expires_after,video.callback_url,video.safety_id,image.model,image.size,image.ratio,image.watermark,image.format,avatar.model,avatar.resolution,storage.url,storage.endpoint,storage.region,storage.access_key,storage.secret_key'
        valued='-p=profiles --profile=profiles'
        flags='--json -q --quiet -v --verbose -h --help'
        ;;
    'config use')
        takes='profiles'
        valued='-p=profiles --profile=profiles'
        flags='--json -q --quiet -v --verbose -h --help'
        ;;
    'config path')
        valued='-p=profiles --profile=profiles'
        flags='--json -q --quiet -v --verbose -h --help'
        ;;
    'sandbox')
        below='serve reset'
        flags='-h --help'
        ;;
    'sandbox serve')
        valued='--port=none -p=profiles --profile=profiles'
        flags='--json -q --quiet -v --verbose -h --help'
        ;;
    'sandbox reset')
        valued='-p=profiles --profile=profiles'
        flags='--json -q --quiet -v --verbose -h --help'
        ;;
    'completion')
        takes='words:bash,zsh,fish,powershell'
        valued='-p=profiles --profile=profiles'
        flags='--json -q --quiet -v --verbose -h --help'
        ;;
    'help')
        takes='words:avatar,batch,ci,completion,config,doctor,environment,errors,exit-codes,files,help,history,image,models,prompts,rescue,sandbox,templates,video,webhook ...'
        valued='-p=profiles --profile=profiles'
        flags='--json -q --quiet -v --verbose -h --help'
        ;;
    esac
}

_byteplus() {
    local IFS=$' \t\n' program=$1 seen=$2 typed='' quote='' current lead='' kind=''
    local path='' below takes valued flags waiting='' only_arguments='' count=0 words said
    words=() said=() COMPREPLY=()
    _byteplus_split
    case $typed in [\"\']*) quote=${typed:0:1} ;; esac
    current=${typed#"$quote"} typed=$current
    _byteplus_facts ''
    _byteplus_walk
    if [ -n "$waiting" ]; then
        kind=$waiting
        _byteplus_value
    elif [ -n "$only_arguments" ]; then
        _byteplus_argument
    else
        case $current in
        --*=*)
            _byteplus_kind "${current%%=*}"
            lead=${current%%=*}= current=${current#*=}
            _byteplus_value
            ;;
        -*) _byteplus_options ;;
        *) _byteplus_argument ;;
        esac
    fi
    _byteplus_unglue
}

# The words before the cursor, and the one at it, as they were typed: bash takes them apart at
# `=`, `:` and `@` too.
_byteplus_split() {
    local i word trimmed rest=${COMP_LINE:0:COMP_POINT}
    for ((i = 0; i <= COMP_CWORD; i++)); do
        trimmed=${rest#"${rest%%[![:blank:]]*}"}
        word=${COMP_WORDS[i]}
        [ "$i" -eq "$COMP_CWORD" ] && word=$trimmed
        if [ "$i" -gt 0 ] && [ "$trimmed" != "$rest" ]; then
            words[${#words[@]}]=$typed
            typed=''
        fi
        typed=$typed$word
        rest=${trimmed#"$word"}
    done
}

# The command that was typed so far, and how many arguments it has.
_byteplus_walk() {
    local word
    for word in "${words[@]:1}"; do
        if [ -n "$waiting" ]; then
            waiting=''
        elif [ -n "$only_arguments" ]; then
            count=$((count + 1))
        else
            case $word in
            --) only_arguments=yes ;;
            --*=*) ;;
            -?*)
                _byteplus_kind "$word"
                waiting=$kind
                ;;
            *) _byteplus_word "$word" ;;
            esac
        fi
    done
}

_byteplus_word() {
    case " $below " in
    *" $1 "*)
        path=${path:+$path }$1
        _byteplus_facts "$path"
        ;;
    *) count=$((count + 1)) ;;
    esac
}

# How the value of an option completes; nothing for an option without one.
_byteplus_kind() {
    kind=''
    case " $valued " in
    *" $1="*)
        kind=" $valued "
        kind=${kind#*" $1="}
        kind=${kind%% *}
        ;;
    esac
}

_byteplus_argument() {
    if [ -n "$below" ]; then
        _byteplus_no_files
        [ "$count" -gt 0 ] || _byteplus_offer "$below"
        return
    fi
    for kind in $takes; do
        if [ "$kind" = ... ]; then
            kind=$repeated
            count=0
        fi
        if [ "$count" -eq 0 ]; then
            _byteplus_value
            return
        fi
        local repeated=$kind
        count=$((count - 1))
    done
    _byteplus_options
}

_byteplus_value() {
    case $kind in
    files) _byteplus_files "$current" ;;
    prompt)
        _byteplus_no_files
        if [ "${current:0:1}" = @ ]; then
            lead=${lead}@
            _byteplus_paths "${current#@}"
        fi
        ;;
    source:*)
        if [ "${current:0:1}" != @ ] && [ -n "$(compgen -f -- "$current")" ]; then
            _byteplus_files "$current"
        else
            _byteplus_ask "tasks:${kind#source:}"
        fi
        ;;
    words:*)
        kind=${kind#words:}
        _byteplus_no_files
        _byteplus_offer "${kind//,/ }"
        ;;
    none | '') _byteplus_no_files ;;
    *) _byteplus_ask "$kind" ;;
    esac
}

_byteplus_options() {
    local option
    _byteplus_no_files
    for option in $flags $valued; do
        _byteplus_offer "${option%%=*}"
    done
}

_byteplus_offer() {
    local word
    for word in $1; do
        case $word in "$current"*) COMPREPLY[${#COMPREPLY[@]}]=$lead$word ;; esac
    done
}

# What only byteplus knows: a line for each value, and after a tab what is said of it.
_byteplus_ask() {
    local value text
    _byteplus_no_files
    compopt -o nosort 2>/dev/null
    case $program in '~/'*) program=$HOME/${program#'~/'} ;; esac
    type -P "$program" >/dev/null 2>&1 || program=byteplus
    while IFS=$'\t' read -r value text; do
        case $value in
        '') ;;
        "$current"*)
            said[${#COMPREPLY[@]}]=$text
            COMPREPLY[${#COMPREPLY[@]}]=$lead$value
            ;;
        esac
    done <<EOF
$(command "$program" __complete "$1/$current" "${words[@]}" 2>/dev/null </dev/null)
EOF
}

# Without a match readline completes paths by itself (`-o default`), and better than can be done
# here; but it knows nothing of what stands before them in the same word.
_byteplus_files() {
    [ "$seen" = "$1" ] || _byteplus_paths "$1"
}

_byteplus_paths() {
    local file slash
    while IFS= read -r file; do
        [ -n "$file" ] || continue
        slash=''
        if [ -d "$file" ]; then
            slash=/
            compopt -o nospace 2>/dev/null
        fi
        [ -n "$quote" ] || printf -v file %q "$file"
        COMPREPLY[${#COMPREPLY[@]}]=$lead$file$slash
    done <<EOF
$(compgen -f -- "$1")
EOF
}

_byteplus_no_files() {
    compopt +o default 2>/dev/null
}

# Readline puts a match in place of what it saw, which may be the end of a word only.
_byteplus_unglue() {
    local i before=''
    case $typed in *"$seen") before=${typed%"$seen"} ;; esac
    for ((i = 0; i < ${#COMPREPLY[@]}; i++)); do
        COMPREPLY[i]=${COMPREPLY[i]#"$before"}
    done
    # Where it shows the matches and there is a choice, each is told with what is said of it.
    case ${COMP_TYPE:-9} in 63 | 33 | 64) [ "$i" -gt 1 ] && _byteplus_tell ;; esac
}

_byteplus_tell() {
    local i line widest=0 columns=${COLUMNS:-80}
    for line in "${COMPREPLY[@]}"; do
        [ "${#line}" -le "$widest" ] || widest=${#line}
    done
    for ((i = 0; i < ${#COMPREPLY[@]}; i++)); do
        [ -n "${said[i]-}" ] || continue
        # One a line: two of more than half the width do not fit beside each other.
        printf -v line "%-${widest}s  %s" "${COMPREPLY[i]}" "${said[i]}"
        printf -v line "%-$((columns / 2 + 1))s" "${line:0:columns - 2}"
        COMPREPLY[i]=$line
    done
}

complete -o default -F _byteplus byteplus
