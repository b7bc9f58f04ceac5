//! The gateway's binary, built when a test of another crate asks for it.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use serde_json::Value;

/// The path of the `aicc-gateway` binary, built in the profile and target folder of the test that asks; once a
/// process.
///
/// # Panics
///
/// When it cannot be built; the compiler's errors are on standard error.
pub fn gateway_binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(build)
}

fn build() -> PathBuf {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["build", "--package", "aicc-gateway", "--bin", "aicc-gateway", "--message-format=json"]);
    let (target, profile) =
        target_and_profile(&env::current_exe().expect("the path of the test's own binary"));
    cargo.args(["--profile", &profile, "--target-dir"]).arg(target).current_dir(env!("CARGO_MANIFEST_DIR"));
    let output = cargo.stderr(Stdio::inherit()).output().expect("cargo can be run");
    assert!(output.status.success(), "the gateway could not be built: {cargo:?}");
    let messages = output.stdout.split(|byte| *byte == b'\n');
    let executable =
        messages.filter_map(|line| serde_json::from_slice(line).ok()).find_map(|message: Value| {
            let is_it = message["target"]["name"] == "aicc-gateway";
            message["executable"].as_str().filter(|_| is_it).map(PathBuf::from)
        });
    executable.expect("cargo names the binary that it has built")
}

/// From `{target}/{profile's folder}/deps/{test}` (`examples` or nothing in place of `deps` for other binaries).
fn target_and_profile(executable: &Path) -> (PathBuf, String) {
    let folder = executable.parent().expect("a folder holds the test's binary");
    let in_subfolder = folder.ends_with("deps") || folder.ends_with("examples");
    let folder = if in_subfolder { folder.parent().expect("a profile's folder") } else { folder };
    let profile = match folder.file_name().and_then(|name| name.to_str()).expect("a profile's folder") {
        "debug" => "dev",
        name => name,
    };
    (folder.parent().expect("a target folder").to_owned(), profile.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn profile_and_target_folder_are_those_of_the_test() {
        for (executable, profile) in [
            ("/src/target/debug/deps/serve-1234", "dev"),
            ("/src/target/release/deps/serve-1234", "release"),
            ("/src/target/debug/examples/load", "dev"),
            ("/src/target/bench/aicc-simulator", "bench"),
        ] {
            let expected = (PathBuf::from("/src/target"), profile.to_owned());
            assert_eq!(target_and_profile(Path::new(executable)), expected, "{executable}");
        }
    }
}
