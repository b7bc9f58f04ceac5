//! The commands of the binary, as somebody types them.

mod dev;
mod keygen;
mod program;
mod serve;
mod sign;

use program::run;

#[test]
fn every_command_explains_itself_by_examples() {
    for command in [
        &["--help"][..],
        &["serve", "--help"],
        &["dev", "--help"],
        &["keygen", "--help"],
        &["sign", "--help"],
    ] {
        let output = run(command);
        assert_eq!(output.code, 0, "{command:?}: {output:?}");
        let examples = output.stdout.split_once("Example").map(|(_, examples)| examples).unwrap_or_default();
        assert!(examples.contains("\n  aicc-gateway "), "{command:?}: {}", output.stdout);
    }
}

#[test]
fn commands_of_later_versions_are_refused_as_not_yet_supported() {
    for command in [
        &["check"][..],
        &["check", "--config", "gateway.toml", "--connect"],
        &["topics", "--create"],
        &["verify"],
        &["tail", "--user", "1", "--json"],
        &["redrive", "--dry-run"],
        &["healthcheck"],
        &["openapi"],
    ] {
        let output = run(command);
        assert_eq!((output.code, output.stdout.as_str()), (1, ""), "{command:?}");
        assert!(output.stderr.contains("not yet supported"), "{command:?}: {}", output.stderr);
    }
}

#[test]
fn an_unknown_command_or_argument_is_refused_with_what_there_is() {
    for (command, expected) in [
        (&["sevre"][..], "serve"),
        (&["serve", "--confg", "gateway.toml"], "--config"),
        (&["sign", "--access-key", "key"], "<BODY>"),
    ] {
        let output = run(command);
        assert_eq!(output.code, 2, "{command:?}: {output:?}");
        assert!(output.stderr.contains(expected), "{command:?}: {}", output.stderr);
    }
}
