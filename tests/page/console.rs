//! `GET` and `HEAD` of `/`, `/invitations` and `/assets/{file}`

use std::collections::BTreeSet;

use crate::world::World;

#[tokio::test]
async fn the_page_loads_nothing_from_other_origins() {
    let world = World::start().await;
    for path in ["/", "/invitations", "/invitations?utm_source=mail"] {
        let answer = world.nobody().get(path).await;
        assert_eq!(
            (answer.status, answer.headers["content-type"].as_str()),
            (200, "text/html; charset=utf-8"),
            "{path}"
        );
        let policy = &answer.headers["content-security-policy"];
        for part in [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "require-trusted-types-for 'script'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "form-action 'none'",
        ] {
            assert!(policy.contains(part), "{part} in {policy}");
        }
        assert!(!policy.contains("unsafe") && !policy.contains('*'), "{policy}");
        for (header, wanted) in [
            ("referrer-policy", "no-referrer"),
            ("cache-control", "no-store"),
            ("x-content-type-options", "nosniff"),
            ("cross-origin-opener-policy", "same-origin"),
            ("strict-transport-security", "max-age=63072000; includeSubDomains"),
        ] {
            assert_eq!(answer.headers[header], wanted, "{header}");
        }
        assert!(!answer.headers.contains_key("set-cookie"));
        assert!(!answer.text.contains("src=\"http"), "the page loads nothing from another origin");
    }
}

/// Returns the files that a page or script loads: every path with the extension `js` or `css`.
fn files(text: &str) -> BTreeSet<String> {
    text.split(['"', '\'', '`'])
        .filter(|part| part.starts_with("/assets/") || part.starts_with("./"))
        .filter(|part| matches!(part.rsplit('.').next(), Some("js" | "css")))
        .map(|part| format!("/assets/{}", part.rsplit('/').next().unwrap()))
        .collect()
}

#[tokio::test]
async fn every_file_that_a_page_or_its_scripts_load_is_served() {
    let world = World::start().await;
    let mut found = BTreeSet::new();
    for page in ["/", "/invitations"] {
        let mut waiting = files(&world.nobody().get(page).await.text);
        assert_eq!(waiting.len(), 2, "{page} loads a script and a style sheet: {waiting:?}");
        while let Some(path) = waiting.pop_first() {
            let file = world.nobody().get(&path).await;
            assert_eq!(file.status, 200, "{path}");
            if found.insert(path) {
                waiting.extend(files(&file.text));
            }
        }
    }
    for part in ["console.", "invitation.", "de.", "draw-chart."] {
        assert!(found.iter().any(|path| path.contains(part)), "{part} in {found:?}");
    }
}

#[tokio::test]
async fn only_the_files_of_the_console_are_served() {
    let world = World::start().await;
    let page = world.nobody().get("/").await.text;
    for (closure, content_type) in
        [(".js", "text/javascript; charset=utf-8"), (".css", "text/css; charset=utf-8")]
    {
        let path = page
            .split('"')
            .find(|part| part.starts_with("/assets/console.") && part.ends_with(closure))
            .unwrap();
        let file = world.nobody().get(path).await;
        assert_eq!((file.status, file.headers["content-type"].as_str()), (200, content_type));
        assert_eq!(
            file.headers["cache-control"], "public, max-age=31536000, immutable",
            "the file name contains a hash of the content"
        );
        assert!(
            !file.headers.contains_key("content-encoding"),
            "without gzip in Accept-Encoding, the file is not compressed"
        );
        for (coding, is_packed) in [
            ("gzip, br", true),
            ("br;q=1, gzip;q=0.5", true),
            ("gzip;q=0", false),
            ("identity", false),
        ] {
            let nobody = world.nobody();
            let packed =
                nobody.send(nobody.request("GET", path).header("accept-encoding", coding)).await;
            assert_eq!(
                packed.headers.get("content-encoding").is_some_and(|coding| coding == "gzip"),
                is_packed,
                "{coding}"
            );
            assert_eq!(packed.headers["vary"], "accept-encoding");
        }
        let other = world.nobody().get(&path.replace("console.", "console.0")).await;
        assert_eq!(other.to_string(), "404 asset_not_found");
    }
    let icon = world.nobody().get("/assets/icon.svg").await;
    assert_eq!((icon.status, icon.headers["content-type"].as_str()), (200, "image/svg+xml"));
    let head = world.nobody().call("HEAD", "/invitations", None).await;
    assert_eq!((head.status, head.text.as_str()), (200, ""));
    assert_eq!(world.nobody().get("/assets/other.svg").await.to_string(), "404 asset_not_found");
    for (method, path) in
        [("POST", "/invitations"), ("GET", "/assets/../x"), ("GET", "/assets/"), ("DELETE", "/")]
    {
        assert_eq!(
            world.nobody().call(method, path, None).await.text,
            r#"{"message":"Not Found"}"#,
            "{method} {path}"
        );
    }
}
