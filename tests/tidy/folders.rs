//! Checks that the whole tree names its folders in one way: a folder with more than its tests begins with its `mod.rs`.

use super::{below_root, sources};
use std::path::{Path, PathBuf};

/// The files that stand beside a folder of their own name although it holds more than their tests.
fn beside_their_folder(paths: &[PathBuf]) -> Vec<String> {
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let wrong = paths.iter().filter(|path| {
        let folder = path.with_extension("");
        paths.iter().any(|other| {
            other.starts_with(&folder) && !(other.parent() == Some(&folder) && name(other) == "tests.rs")
        })
    });
    wrong.map(|path| path.display().to_string()).collect()
}

#[test]
fn a_folder_with_more_than_its_tests_begins_with_its_mod_rs() {
    let paths: Vec<PathBuf> = ["src", "tests", "benches"]
        .into_iter()
        .flat_map(sources)
        .map(|(path, _)| below_root(&path))
        .collect();
    let wrong = beside_their_folder(&paths);
    assert!(wrong.is_empty(), "move to mod.rs: {wrong:#?}");
    let control = ["src/a.rs", "src/a/b.rs", "src/c.rs", "src/c/tests.rs", "src/d/mod.rs"].map(PathBuf::from);
    assert_eq!(beside_their_folder(&control), ["src/a.rs"]);
}
