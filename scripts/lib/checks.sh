# shellcheck shell=bash
# The checks of scripts/test that are more than one command. To be sourced from the repository's root.

# Every dependency that a manifest names is named in code: the crate's own, or for the workspace's list in a manifest.
check_unused() {
    local manifest name bad=
    for manifest in crates/*/Cargo.toml; do
        while read -r name; do
            if ! grep --recursive --quiet --word-regexp "${name//-/_}" --include='*.rs' "${manifest%/*}"; then
                echo "$manifest: $name is not used"
                bad=yes
            fi
        done < <(sed -n '/^\[.*dependencies\]/,/^\[/s/^\([a-z0-9_-]*\)[. ].*/\1/p' "$manifest")
    done
    while read -r name; do
        if ! grep --quiet "^${name}[. ]" crates/*/Cargo.toml; then
            echo "Cargo.toml: no crate uses $name"
            bad=yes
        fi
    done < <(sed -n '/^\[workspace.dependencies\]/,/^\[/s/^\([a-z0-9_-]*\) = .*/\1/p' Cargo.toml)
    [[ -z $bad ]]
}

# Relative links of the Markdown files, and the headings that they point to.
check_links() {
    local page link target anchor bad=
    while read -r page; do
        while read -r link; do
            target=${link%%#*} anchor=
            [[ $link == *'#'* ]] && anchor=${link#*#}
            target=${target:+$(dirname "$page")/$target}
            if [[ ! -e ${target:=$page} ]]; then
                echo "$page: there is no $link"
                bad=yes
            elif [[ -n $anchor ]] && ! headings "$target" | grep --quiet --line-regexp --fixed-strings "$anchor"; then
                echo "$page: no heading for $link"
                bad=yes
            fi
        done < <(grep --only-matching --perl-regexp '\]\(\K(?![a-z]+:)[^)\s]+' "$page")
    done < <(find . -name '*.md' -not -path './target/*' -not -path './.git/*')
    [[ -z $bad ]]
}

# The anchors of a page's headings, as GitHub and GitLab make them.
headings() {
    sed -n 's/^##* //p' "$1" | tr '[:upper:]' '[:lower:]' | sed 's/[^a-z0-9 _-]//g; s/ /-/g'
}
