//! Serves the console and the invitation page. Both use only the public API and sign people in with
//! OpenID Connect. They keep no session: the token lives in the page's memory.
//!
//! Every caller gets the same response, and a GET request changes nothing. The token of an
//! invitation's link is in the fragment of the URL, which browsers never send to a server.
//!
//! The files in `console/page` are built from `clients/typescript/console` and checked in: `(cd
//! clients/typescript && npm ci && npm run build --workspace console)`.

use askama::Template;
use orgs_mail::MailSettings;
use orgs_runtime::action::{Action, Trigger};
use orgs_runtime::{
    ActionError, PageSettings, Problem, ProblemCode, RequestContext, Response, Result, Settings,
    action,
};
use serde_json::json;

/// The declaration.
pub const ACTION: Action = action!(console)
    .summary("Serve the console and the invitation page")
    .trigger(Trigger::Page { paths: &["/", "/invitations", "/assets/{file}"] });

/// A file of the pages.
struct Asset {
    name: &'static str,
    content_type: &'static str,
    /// True if the name contains a hash of the content, so that browsers never have to load the
    /// file again.
    is_immutable: bool,
    plain: &'static [u8],
    gzip: &'static [u8],
}

// Written by `build.rs`: `ASSETS`, and the names of the scripts and style sheets of both pages.
include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// The console or the invitation page.
#[derive(Template)]
#[template(path = "page.html")]
struct Page<'a> {
    product: &'a str,
    config: String,
    script: &'static str,
    style: &'static str,
}

async fn console(ctx: &RequestContext<'_>) -> Result<Response> {
    match ctx.parameter("file") {
        None if ctx.path() == "/invitations" => {
            page(&ctx.app.settings, INVITATION_JS, INVITATION_CSS)
        }
        None => page(&ctx.app.settings, CONSOLE_JS, CONSOLE_CSS),
        Some(file) => match ASSETS.iter().find(|asset| asset.name == file) {
            Some(asset) => Ok(asset.response(ctx.reads_gzip())),
            None => Err(Problem::new(
                ProblemCode::AssetNotFound,
                "the console has no file with this name; reload the console",
            )
            .into()),
        },
    }
}

impl Asset {
    fn response(&self, accepts_gzip: bool) -> Response {
        let cache_control = if self.is_immutable {
            "public, max-age=31536000, immutable"
        } else {
            "public, max-age=86400"
        };
        let mut headers = vec![
            ("cache-control", cache_control.to_owned()),
            ("cross-origin-resource-policy", "same-origin".to_owned()),
            ("vary", "accept-encoding".to_owned()),
        ];
        if accepts_gzip {
            headers.push(("content-encoding", "gzip".to_owned()));
            Response::file(self.content_type, self.gzip, headers)
        } else {
            Response::file(self.content_type, self.plain, headers)
        }
    }
}

fn page(settings: &Settings, script: &'static str, style: &'static str) -> Result<Response> {
    let page =
        Page { product: &settings.mail.product_name, config: config(settings), script, style };
    let html = page.render().map_err(|error| ActionError::Internal(error.to_string()))?;
    Ok(Response::text("text/html; charset=utf-8", html, headers(&settings.mail, &settings.page)))
}

/// Returns the configuration of a page, as JSON for a script element.
fn config(settings: &Settings) -> String {
    let (mail, page) = (&settings.mail, &settings.page);
    let config = json!({
        "product": mail.product_name, "logo": mail.logo_url, "support": mail.support_url, "app": page.app_url,
        "issuer": page.issuer, "client_id": page.client_id, "scope": page.scope, "token": page.token,
    });
    // An unescaped `<` could end the script element.
    config.to_string().replace('<', "\\u003c")
}

fn headers(mail: &MailSettings, page: &PageSettings) -> Vec<(&'static str, String)> {
    let connect: Vec<&str> = page
        .issuer
        .as_deref()
        .and_then(origin)
        .into_iter()
        .chain(page.origins.iter().filter_map(|url| origin(url)))
        .collect();
    let policy = [
        "default-src 'none'".to_owned(),
        "script-src 'self'".to_owned(),
        "style-src 'self'".to_owned(),
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
    ]
    .into()
}

/// Returns the scheme, host and port of a URL. Returns `None` if they contain a character that
/// could end a directive of the Content-Security-Policy.
fn origin(url: &str) -> Option<&str> {
    let scheme = url.find("://")? + 3;
    let end = url[scheme..].find('/').map_or(url.len(), |slash| scheme + slash);
    Some(&url[..end]).filter(|origin| {
        origin.bytes().all(|byte| byte.is_ascii_alphanumeric() || b":/.-[]".contains(&byte))
    })
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
        let response = page(&settings, CONSOLE_JS, CONSOLE_CSS).unwrap();
        let body = response.text_body().unwrap();
        assert_eq!(body.matches("<script").count(), 2);
        assert!(!body.contains("alert(1)</script>"));
    }
}
