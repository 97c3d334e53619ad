//! No import circle inside a crate: each module can be read after the modules that it imports.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use super::{root, sources};

const CRATES: [&str; 9] = [
    "shared/domain/src",
    "shared/events/src",
    "shared/mail/src",
    "shared/store/src",
    "shared/runtime/src",
    "policies/src",
    "functions",
    "infra/contract/src",
    "infra/local/src",
];

/// The imports of each module of a crate. A folder is one module with all its files.
type Imports = BTreeMap<String, BTreeSet<String>>;

fn imports(folder: &str) -> Imports {
    let base = fs::canonicalize(root().join(folder)).unwrap();
    let mut imports = Imports::new();
    for (path, text) in sources(folder) {
        let path = fs::canonicalize(path).unwrap();
        let first = path.strip_prefix(&base).unwrap().components().next().unwrap();
        let module = first.as_os_str().to_str().unwrap().trim_end_matches(".rs").to_owned();
        if matches!(module.as_str(), "lib" | "main" | "build") {
            continue;
        }
        let imported = imports.entry(module.clone()).or_default();
        // Tests may use everything.
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for rest in code.split("crate::").skip(1) {
            let names = rest.strip_prefix('{').map_or_else(
                || vec![rest],
                |list| list.split('}').next().unwrap_or_default().split(',').collect(),
            );
            for name in names {
                let end = name.trim_start().find(|c: char| !c.is_ascii_lowercase() && c != '_');
                let name = &name.trim_start()[..end.unwrap_or(name.trim_start().len())];
                if name != module {
                    imported.insert(name.to_owned());
                }
            }
        }
    }
    let modules: BTreeSet<String> = imports.keys().cloned().collect();
    for imported in imports.values_mut() {
        imported.retain(|name| modules.contains(name));
    }
    imports
}

/// Returns a circle, from a module back to itself.
fn circle(imports: &Imports) -> Option<Vec<String>> {
    fn visit(
        module: &str,
        imports: &Imports,
        path: &mut Vec<String>,
        done: &mut BTreeSet<String>,
    ) -> Option<Vec<String>> {
        if let Some(start) = path.iter().position(|known| known == module) {
            let mut circle = path[start..].to_vec();
            circle.push(module.to_owned());
            return Some(circle);
        }
        if !done.insert(module.to_owned()) {
            return None;
        }
        path.push(module.to_owned());
        let found =
            imports[module].iter().find_map(|imported| visit(imported, imports, path, done));
        path.pop();
        found
    }
    let mut done = BTreeSet::new();
    imports.keys().find_map(|module| visit(module, imports, &mut Vec::new(), &mut done))
}

#[test]
fn no_crate_has_an_import_circle() {
    let mut circles = Vec::new();
    for folder in CRATES {
        if let Some(circle) = circle(&imports(folder)) {
            circles.push(format!("{folder}: {}", circle.join(" -> ")));
        }
    }
    assert!(circles.is_empty(), "move what both need into a third module:\n{}", circles.join("\n"));
}

#[test]
fn a_circle_is_named() {
    let edge = |from: &str, to: &[&str]| {
        (from.to_owned(), to.iter().map(|name| (*name).to_owned()).collect())
    };
    let imports = Imports::from([edge("a", &["b"]), edge("b", &["c"]), edge("c", &["b"])]);
    assert_eq!(circle(&imports).unwrap(), ["b", "c", "b"]);
    let imports = Imports::from([edge("a", &["b", "c"]), edge("b", &["c"]), edge("c", &[])]);
    assert_eq!(circle(&imports), None);
}
