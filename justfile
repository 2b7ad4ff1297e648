# What developers type. `scripts/test` is what CI runs.

default:
    @just --list

# Everything CI checks
test:
    scripts/test

# The fast inner loop
check:
    cargo clippy --all-targets -- -D warnings

# Tests of one module: just unit domain::phone
unit MODULE:
    cargo test --lib {{MODULE}}

# The same on a private PostgreSQL: just server store::seat
server MODULE:
    scripts/peers postgres -- cargo test --lib {{MODULE}}

# A private cluster of three to try things on; it goes with Ctrl-D
cluster:
    scripts/peers patroni

# The demo, as a newcomer sees it
demo *ARGS:
    cargo run --release -- demo {{ARGS}}

# Generated pages
docs:
    cargo run -- docs docs

# Review changed screen pictures
screens:
    INSTA_UPDATE=always cargo test --lib tui
    git diff --stat -- '*.snap'

# Every figure of this machine, beside its limit
bench *NAMES:
    cargo run --release -- bench {{NAMES}}

# Versions, licences and sources of dependencies (scripts/test brings the program)
deny:
    target/deny-tools/bin/cargo-deny check --hide-inclusion-graph bans licenses sources
