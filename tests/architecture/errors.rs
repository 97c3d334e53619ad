//! The page of error codes says what the code says.

use std::fs;

use orgs_runtime::ProblemCode;

use super::root;

#[test]
fn the_page_of_error_codes_has_a_row_for_each_code() {
    let page = fs::read_to_string(root().join("docs/reference/errors.md")).unwrap();
    for code in ProblemCode::ALL {
        let row = format!("| `{}` | {} | {} |", code.as_str(), code.meaning(), code.remedy());
        assert!(page.contains(&row), "docs/reference/errors.md must contain this row:\n{row}");
    }
}

#[test]
fn every_code_has_a_status_of_its_own_kind_and_plain_texts() {
    for code in ProblemCode::ALL {
        assert!((400..600).contains(&code.status()), "{}", code.as_str());
        for text in [code.meaning(), code.remedy()] {
            assert!(!text.is_empty() && !text.ends_with('.'), "{}: {text}", code.as_str());
        }
    }
}
