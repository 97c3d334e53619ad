//! Serves the console and the invitation page. Both use only the public API and sign people in with
//! OpenID Connect. They keep no session: the token lives in the page's memory.
//!
//! Every caller gets the same response, and a GET request changes nothing. The token of an
//! invitation's link is in the fragment of the URL, which browsers never send to a server.
//!
//! The files in `console/page` are built from `console/web` and checked in: `(cd
//! functions/console/web && npm ci && npm run build)`.

use std::sync::LazyLock;

use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use orgs_domain::text::{hex, sha256};
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

const INVITATION_SCRIPT: &str = include_str!("console/page/invitation.js");
const INVITATION_STYLE: &str = include_str!("console/page/invitation.css");

/// A file of the console, with its gzip form if it has one.
struct Asset {
    name: String,
    content_type: &'static str,
    plain: &'static [u8],
    gzip: Option<&'static [u8]>,
    /// True if the name contains a hash of the content, so that browsers never have to load the
    /// file again.
    is_immutable: bool,
}

macro_rules! hashed_asset {
    ($stem:literal, $extension:literal, $content_type:literal) => {{
        let plain: &'static [u8] = include_bytes!(concat!("console/page/", $stem, ".", $extension));
        Asset {
            name: format!(concat!($stem, ".{}.", $extension), &hex(&sha256(plain))[..12]),
            content_type: $content_type,
            plain,
            gzip: Some(include_bytes!(concat!(
                env!("OUT_DIR"),
                "/",
                $stem,
                ".",
                $extension,
                ".gz"
            ))),
            is_immutable: true,
        }
    }};
}

static ASSETS: LazyLock<[Asset; 3]> = LazyLock::new(|| {
    let icon = include_bytes!("console/page/icon.svg");
    [
        hashed_asset!("console", "js", "text/javascript; charset=utf-8"),
        hashed_asset!("console", "css", "text/css; charset=utf-8"),
        Asset {
            name: "icon.svg".to_owned(),
            content_type: "image/svg+xml",
            plain: icon,
            gzip: None,
            is_immutable: false,
        },
    ]
});

/// The hashes of the invitation page's script and style, for its Content-Security-Policy.
static HASHES: LazyLock<[String; 2]> = LazyLock::new(|| {
    [INVITATION_SCRIPT, INVITATION_STYLE]
        .map(|text| format!("'sha256-{}'", STANDARD.encode(sha256(text.as_bytes()))))
});

/// The invitation page. It contains its script and style, because people open the link in a mail
/// once and would gain nothing from a cache.
#[derive(Template)]
#[template(path = "invitation.html")]
struct Invitation<'a> {
    product: &'a str,
    logo_url: Option<&'a str>,
    config: String,
    script: &'static str,
    style: &'static str,
}

/// The console. Browsers cache its script and style.
#[derive(Template)]
#[template(path = "console.html")]
struct Console<'a> {
    product: &'a str,
    config: String,
    script: &'static str,
    style: &'static str,
}

async fn console(ctx: &RequestContext<'_>) -> Result<Response> {
    match ctx.parameter("file") {
        None if ctx.path() == "/invitations" => invitation(&ctx.app.settings),
        None => console_page(&ctx.app.settings),
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
            ("x-content-type-options", "nosniff".to_owned()),
        ];
        match self.gzip.filter(|_| accepts_gzip) {
            Some(gzip) => {
                headers.push(("content-encoding", "gzip".to_owned()));
                Response::file(self.content_type, gzip, headers)
            }
            None => Response::file(self.content_type, self.plain, headers),
        }
    }
}

fn invitation(settings: &Settings) -> Result<Response> {
    let (mail, [script, style]) = (&settings.mail, &*HASHES);
    let page = Invitation {
        product: &mail.product_name,
        logo_url: mail.logo_url.as_deref(),
        config: config(settings),
        script: INVITATION_SCRIPT,
        style: INVITATION_STYLE,
    };
    document(page.render(), headers(mail, &settings.page, script, style))
}

fn console_page(settings: &Settings) -> Result<Response> {
    let (mail, [script, style, _]) = (&settings.mail, &*ASSETS);
    let page = Console {
        product: &mail.product_name,
        config: config(settings),
        script: &script.name,
        style: &style.name,
    };
    document(page.render(), headers(mail, &settings.page, "'self'", "'self'"))
}

fn document(
    html: askama::Result<String>,
    headers: Vec<(&'static str, String)>,
) -> Result<Response> {
    let html = html.map_err(|error| ActionError::Internal(error.to_string()))?;
    Ok(Response::text("text/html; charset=utf-8", html, headers))
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

fn headers(
    mail: &MailSettings,
    page: &PageSettings,
    script: &str,
    style: &str,
) -> Vec<(&'static str, String)> {
    let connect: Vec<&str> = page
        .issuer
        .as_deref()
        .and_then(origin)
        .into_iter()
        .chain(page.origins.iter().filter_map(|url| origin(url)))
        .collect();
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
        for response in [invitation(&settings), console_page(&settings)] {
            let response = response.unwrap();
            let body = response.text_body().unwrap();
            assert_eq!(body.matches("<script").count(), 2);
            assert!(!body.contains("alert(1)</script>"));
        }
    }
}
