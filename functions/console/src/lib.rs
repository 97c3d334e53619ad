//! The page behind the links in mails: one document with its script and style in it, which speaks the public API and signs people
//! in with OpenID Connect. It keeps no session: the token lives in the page's memory.
//!
//! Nothing here depends on who asks, and GET changes nothing: the link's token is a fragment, which never reaches a server.

use std::sync::LazyLock;

use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use orgs_http::domain::text::sha256;
use orgs_http::mail::MailSettings;
use orgs_http::{Call, PageSettings, Problem, Reply, Result, Settings, Stop};
use serde_json::json;

orgs_http::function!(alone: handle);

const SCRIPT: &str = include_str!("../page/page.js");
const STYLE: &str = include_str!("../page/page.css");
const ICON: &str = include_str!("../page/icon.svg");

/// What the policy allows of scripts and styles: these two, by their hashes.
static HASHES: LazyLock<[String; 2]> =
    LazyLock::new(|| [SCRIPT, STYLE].map(|text| format!("'sha256-{}'", STANDARD.encode(sha256(text.as_bytes())))));

#[derive(Template)]
#[template(path = "page.html")]
struct Page<'a> {
    product: &'a str,
    logo_url: Option<&'a str>,
    config: String,
    script: &'static str,
    style: &'static str,
}

async fn handle(call: &Call<'_>) -> Result<Reply> {
    match call.parameter("file") {
        None => page(&call.world.settings),
        Some("icon.svg") => {
            let headers = vec![("cache-control", "public, max-age=86400".to_owned()), ("x-content-type-options", "nosniff".to_owned())];
            Ok(Reply::text("image/svg+xml", ICON.to_owned(), headers))
        }
        Some(_) => Err(Problem::new(404, "asset_not_found", "there is no such file").into()),
    }
}

fn page(settings: &Settings) -> Result<Reply> {
    let (mail, page) = (&settings.mail, &settings.page);
    let config = json!({
        "product": mail.product_name, "support": mail.support_url, "app": page.app_url,
        "issuer": page.issuer, "client_id": page.client_id, "scope": page.scope, "token": page.token,
    });
    // Inside a script element a `<` could end it.
    let config = config.to_string().replace('<', "\\u003c");
    let logo_url = mail.logo_url.as_deref();
    let html = Page { product: &mail.product_name, logo_url, config, script: SCRIPT, style: STYLE }.render();
    let html = html.map_err(|error| Stop::Internal(error.to_string()))?;
    Ok(Reply::text("text/html; charset=utf-8", html, headers(mail, page)))
}

fn headers(mail: &MailSettings, page: &PageSettings) -> Vec<(&'static str, String)> {
    let [script, style] = &*HASHES;
    let connect: Vec<&str> =
        page.issuer.as_deref().and_then(origin).into_iter().chain(page.origins.iter().filter_map(|url| origin(url))).collect();
    let policy = [
        "default-src 'none'".to_owned(),
        format!("script-src {script}"),
        format!("style-src {style}"),
        format!("img-src 'self' {}", mail.logo_url.as_deref().and_then(origin).unwrap_or_default()),
        format!("connect-src 'self' {}", connect.join(" ")),
        "base-uri 'none'".to_owned(),
        "form-action 'none'".to_owned(),
        "frame-ancestors 'none'".to_owned(),
        "require-trusted-types-for 'script'".to_owned(),
        "trusted-types 'none'".to_owned(),
    ];
    [
        ("content-security-policy", policy.map(|directive| directive.trim().to_owned()).join("; ")),
        ("cross-origin-opener-policy", "same-origin".to_owned()),
        ("cross-origin-resource-policy", "same-origin".to_owned()),
        ("permissions-policy", "camera=(), geolocation=(), microphone=()".to_owned()),
        ("referrer-policy", "no-referrer".to_owned()),
        ("strict-transport-security", "max-age=63072000; includeSubDomains".to_owned()),
        ("x-content-type-options", "nosniff".to_owned()),
    ]
    .into()
}

/// The scheme, host and port of a URL; nothing where it could end the directive that it is put in.
fn origin(url: &str) -> Option<&str> {
    let scheme = url.find("://")? + 3;
    let end = url[scheme..].find('/').map_or(url.len(), |slash| scheme + slash);
    Some(&url[..end]).filter(|origin| origin.bytes().all(|byte| byte.is_ascii_alphanumeric() || b":/.-[]".contains(&byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_taken_from_a_url_that_is_one() {
        assert_eq!(origin("https://id.example.com/realms/a"), Some("https://id.example.com"));
        assert_eq!(origin("http://127.0.0.1:9000"), Some("http://127.0.0.1:9000"));
        for bad in ["", "id.example.com", "https://a;script-src *", "https://a b/"] {
            assert_eq!(origin(bad), None, "{bad}");
        }
    }

    #[test]
    fn what_a_deployer_sets_cannot_end_the_element_that_it_is_in() {
        let mut settings = Settings::read(|_| None).unwrap();
        settings.mail.product_name = "</script><script>alert(1)</script>".to_owned();
        let body = page(&settings).unwrap().body.unwrap();
        assert_eq!(body.matches("<script").count(), 2);
        assert!(!body.contains("alert(1)</script>"));
    }
}
