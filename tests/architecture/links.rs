//! Documents name only files that exist: in relative links, and in paths in backticks.

use std::fs;
use std::path::{Path, PathBuf};

use super::root;

/// The documents outside `docs`.
const DOCUMENTS: [&str; 7] = [
    "README.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "clients/examples/acme/README.md",
    "clients/python/README.md",
    "clients/typescript/client/README.md",
    "clients/typescript/react/README.md",
];
/// A text in backticks that begins with one of these is a path from the root.
const FOLDERS: [&str; 8] =
    ["clients/", "shared/", "policies/", "functions/", "infra/", "tests/", "docs/", ".ci/"];
/// Characters of a pattern or an example, which names no file.
const PLACEHOLDERS: [char; 4] = ['<', '{', '*', '…'];

/// Returns the documents.
fn documents() -> Vec<PathBuf> {
    let mut documents: Vec<PathBuf> = DOCUMENTS.iter().map(|name| root().join(name)).collect();
    let mut open = vec![root().join("docs")];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                documents.push(path);
            }
        }
    }
    documents
}

/// Returns the targets of a line's relative links, without their anchors and titles.
fn links(line: &str) -> Vec<&str> {
    let targets = line.split("](").skip(1).filter_map(|rest| rest.split([')', ' ', '#']).next());
    targets
        .filter(|target| {
            !target.is_empty() && !target.contains("://") && !target.starts_with("mailto:")
        })
        .collect()
}

/// Returns the paths in a line's backticks, without their arguments, line numbers and anchors.
fn paths(line: &str) -> Vec<&str> {
    let code = line.split('`').skip(1).step_by(2);
    code.filter(|code| FOLDERS.iter().any(|folder| code.starts_with(folder)))
        .filter_map(|code| code.split([' ', ':', '#']).next())
        .filter(|path| !path.contains(PLACEHOLDERS))
        .collect()
}

/// Returns the names in a line of a document that no file or folder has.
fn missing<'a>(document: &Path, line: &'a str) -> Vec<&'a str> {
    let folder = document.parent().unwrap();
    let links = links(line).into_iter().filter(|link| !folder.join(link).exists());
    let paths = paths(line).into_iter().filter(|path| !root().join(path).exists());
    links.chain(paths).collect()
}

#[test]
fn documents_name_only_files_that_exist() {
    let mut flaws = Vec::new();
    let mut seen = 0;
    for document in documents() {
        let text = fs::read_to_string(&document).unwrap();
        for (number, line) in text.lines().enumerate() {
            seen += links(line).len() + paths(line).len();
            for name in missing(&document, line) {
                let place = document.display();
                flaws.push(format!("{place}:{}: `{name}` does not exist", number + 1));
            }
        }
    }
    assert!(seen > 200, "{seen}");
    assert!(flaws.is_empty(), "{}", flaws.join("\n"));
}

#[test]
fn a_name_without_a_file_is_found() {
    let found = |line| missing(&root().join("docs/page.md"), line);
    assert_eq!(found("See [a page](gone.md#part)."), ["gone.md"]);
    assert_eq!(found("`shared/gone.rs:12` is code."), ["shared/gone.rs"]);
    assert_eq!(
        found("[Here](../README.md), [there](https://example.com), [below](#part)"),
        [""; 0]
    );
    assert_eq!(found("`tests/main.rs`, `tests/<noun>/mod.rs`, `docs`"), [""; 0]);
}
