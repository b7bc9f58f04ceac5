# shellcheck shell=bash
# Installs what the scripts need on a Debian machine, and only what is missing. To be sourced from the repository's root.

cargo_deny=0.20.2

# Ends the script with a reason.
die() {
    printf '%s: %s\n' "$0" "$1" >&2
    exit 1
}

# What compiling the workspace takes: librdkafka is C and C++, and links OpenSSL and zlib.
need_build_tools() {
    local wanted=()
    command -v gcc >/dev/null && command -v g++ >/dev/null && command -v make >/dev/null || wanted+=(build-essential)
    command -v pkg-config >/dev/null || wanted+=(pkg-config)
    installed libssl-dev || wanted+=(libssl-dev)
    installed zlib1g-dev || wanted+=(zlib1g-dev)
    installed ca-certificates || wanted+=(ca-certificates)
    command -v curl >/dev/null || wanted+=(curl)
    install_packages "${wanted[@]}"
    need_rust
}

# What the tests take beside that: shellcheck, and a real Kafka (Java, and Maven to fetch it).
need_test_tools() {
    local wanted=()
    command -v shellcheck >/dev/null || wanted+=(shellcheck)
    (($(java_version) >= 17)) || wanted+=(default-jre-headless)
    command -v mvn >/dev/null || wanted+=(maven)
    install_packages "${wanted[@]}"
    need_cargo_deny
    (($(java_version) >= 17)) || die "Apache Kafka needs Java 17 or later, and $(command -v java) is older"
}

# Java's major version; 0 without Java.
java_version() {
    local version
    version=$(java -version 2>&1 | sed -n '1s/.*version "\([0-9]*\).*/\1/p') || true
    echo "${version:-0}"
}

installed() {
    command -v dpkg-query >/dev/null || return 0 # Not Debian: the compiler will say what it misses.
    dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null | grep -qx installed
}

# Installs Debian packages as root or by a sudo that asks nothing; else says what to type.
install_packages() {
    (($# > 0)) || return 0
    local sudo=()
    if ((EUID != 0)); then
        sudo=(sudo)
        if ! sudo -n true 2>/dev/null; then
            die "packages are missing, and installing them needs root. Type

    sudo apt-get update && sudo apt-get install --yes --no-install-recommends $*

and start this again."
        fi
    fi
    command -v apt-get >/dev/null || die "this machine has no apt-get; install what these Debian packages hold: $*"
    echo "==> installing $*"
    # Another apt that is at work is waited for.
    local apt=("${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get --quiet=2 --option=DPkg::Lock::Timeout=300)
    "${apt[@]}" update
    "${apt[@]}" install --yes --no-install-recommends "$@" >/dev/null
}

# The toolchain of rust-toolchain.toml with its components, by rustup.
need_rust() {
    local channel
    channel=$(sed -n 's/^channel = "\(.*\)"/\1/p' rust-toolchain.toml)
    PATH=$PATH:${CARGO_HOME:-$HOME/.cargo}/bin
    rust_is "$channel" && return
    if ! command -v rustup >/dev/null && apt-cache policy rustup 2>/dev/null | grep -q 'Candidate: [^(]'; then
        install_packages rustup
    fi
    if ! command -v rustup >/dev/null; then
        die "Rust $channel is missing, and this Debian has no package rustup. Type

    curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y --profile minimal --default-toolchain none

and start this again."
    fi
    echo "==> installing Rust $channel"
    local component components=()
    for component in $(sed -n 's/^components = \[\(.*\)\]/\1/p' rust-toolchain.toml | tr -d '",'); do
        components+=(--component "$component")
    done
    rustup toolchain install "$channel" --profile minimal "${components[@]}"
    rust_is "$channel" || die "cargo, clippy or rustfmt of Rust $channel cannot be run; see: cargo clippy --version"
}

# Debian has no package of it; building it takes about three minutes of processor time, once a machine.
need_cargo_deny() {
    [[ $(cargo deny --version 2>/dev/null) == "cargo-deny $cargo_deny" ]] && return
    echo "==> installing cargo-deny $cargo_deny (compiles for some minutes)"
    # Built in a temporary folder, not in the workspace's.
    env --unset=CARGO_TARGET_DIR cargo install --quiet --locked "cargo-deny@$cargo_deny"
}

rust_is() {
    [[ $(rustc --version 2>/dev/null) == "rustc $1 "* ]] && cargo fmt --version >/dev/null 2>&1 &&
        cargo clippy --version >/dev/null 2>&1
}
