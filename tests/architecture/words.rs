//! Plain English: the words that used to make readers stop are gone from documents, comments, texts
//! and Terraform.

use std::fs;
use std::path::PathBuf;

use super::root;

/// Phrases that hide the actor or the thing, with a plainer choice.
const PHRASES: [(&str, &str); 17] = [
    ("any more", "no longer"),
    ("told of", "notified of, reported"),
    ("no longer so", "stale"),
    ("what is so", "the current value"),
    ("becomes of", "the outcome of"),
    ("became of", "the outcome of"),
    ("whoever", "the caller, the member, the recipient"),
    ("so many", "n"),
    ("goes on", "continues, resumes"),
    ("comes again", "is retried"),
    ("one moment", "a snapshot"),
    ("put aside", "moved to the dead-letter queue"),
    ("unless it says", "by default"),
    ("left out", "omitted"),
    ("judged", "authorized, evaluated"),
    ("somebody else", "another person, another member"),
    ("licence", "license"),
];
/// Words that a comment must not begin with: begin with the subject or the verb.
const STARTS: [&str; 5] = ["What ", "Whether ", "Whoever ", "Whom ", "That "];
/// Folders and files, with the endings of the files that people read.
const PLACES: [&str; 12] = [
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "clients",
    "docs",
    "functions",
    "infra",
    "policies",
    "shared",
    "tests",
    ".ci",
];
const ENDINGS: [&str; 12] =
    ["md", "rs", "tf", "hcl", "cedar", "cedarschema", "html", "txt", "ts", "tsx", "sh", "py"];

/// Returns the files that people read. Generated pages and this list are not among them.
fn files() -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut open: Vec<PathBuf> = PLACES.iter().map(|place| root().join(place)).collect();
    while let Some(path) = open.pop() {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            let is_generated =
                ["node_modules", "target", "page", "corpus", "dist", "build", ".terraform"]
                    .contains(&name.as_str());
            // `tests/page` are tests.
            if !is_generated || path.ends_with("tests/page") {
                open.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            }
        } else if path.extension().is_some_and(|e| ENDINGS.contains(&e.to_str().unwrap()))
            && name != "words.rs"
        {
            files.push(path);
        }
    }
    files
}

/// Returns true if the text has the phrase between characters that are not letters.
fn has(text: &str, phrase: &str) -> bool {
    text.match_indices(phrase).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + phrase.len()..].chars().next();
        [before, after].into_iter().flatten().all(|c| !c.is_alphanumeric() && c != '_')
    })
}

/// Returns what is wrong with a line.
fn flaw(line: &str) -> Option<String> {
    let lower = line.to_lowercase();
    if let Some((phrase, plain)) = PHRASES.iter().find(|(phrase, _)| has(&lower, phrase)) {
        return Some(format!("`{phrase}`: {plain}"));
    }
    let comment = line.trim_start();
    let text = ["///", "//!", "//", "#"].iter().find_map(|mark| comment.strip_prefix(mark))?;
    let start = STARTS.iter().find(|start| text.trim_start().starts_with(**start))?;
    Some(format!("begins with `{}`", start.trim_end()))
}

#[test]
fn documents_comments_and_texts_are_plain_english() {
    let mut flaws = Vec::new();
    let files = files();
    assert!(files.len() > 400, "{}", files.len());
    for path in files {
        let text = fs::read_to_string(&path).unwrap();
        let is_markdown = path.extension().is_some_and(|extension| extension == "md");
        for (number, line) in text.lines().enumerate() {
            // A heading of Markdown may be a question.
            if is_markdown && line.starts_with('#') {
                continue;
            }
            if let Some(flaw) = flaw(line) {
                flaws.push(format!("{}:{}: {flaw}", path.display(), number + 1));
            }
        }
    }
    assert!(flaws.is_empty(), "{}", flaws.join("\n"));
}

#[test]
fn a_riddle_is_found() {
    assert_eq!(flaw("/// What is wanted.").unwrap(), "begins with `What`");
    assert_eq!(flaw("She is no owner any more.").unwrap(), "`any more`: no longer");
    assert_eq!(flaw("/// Returns the somebody_elses id."), None);
    assert_eq!(flaw("    // It says what it is."), None);
}
