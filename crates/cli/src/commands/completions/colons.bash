
# A colon ends a word for bash, and every place has one: what was split is joined before it is completed, and what stands
# before the last colon is cut off what is given back.
_dingtalk_storage() {
    local words=() last=-1 index=0 at word before="" is_joined=false
    for at in "${!COMP_WORDS[@]}"; do
        word="${COMP_WORDS[at]}"
        if (( last >= 0 )) && [[ "$word" == :* || "${words[last]}" == *: ]] \
            && [[ "$COMP_LINE" == *"${words[last]}$word"* ]]; then
            (( at == COMP_CWORD )) && before="${words[last]}" && is_joined=true
            words[last]+="$word"
        else
            words[++last]="$word"
        fi
        (( at == COMP_CWORD )) && index=$last
    done
    local current="$2"
    [[ "${COMP_WORDS[COMP_CWORD]}" == : ]] && current=:
    local COMP_WORDS=("${words[@]}") COMP_CWORD=$index
    _clap_complete_dingtalk_storage "$1" "$before$current" "$3"
    if [[ $is_joined == true ]]; then
        current="$before$current"
        local colon="${current%"${current##*:}"}"
        COMPREPLY=("${COMPREPLY[@]#"$colon"}")
    fi
}
