//! The host's log: one line per request, and the warnings and errors of the functions and of the
//! host itself.

use std::fmt;
use std::io::IsTerminal as _;

use chrono::SecondsFormat;
use clap::ValueEnum;
use orgs_domain::Clock;
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

/// The tracing target of the line that the gateway logs for each request.
pub(crate) const REQUEST_TARGET: &str = "request";

/// The format of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// One readable line per event.
    Text,
    /// One JSON object per event.
    Json,
}

/// Starts logging to standard error. Without a `format`, the log is text on a terminal and JSON
/// otherwise. `RUST_LOG` selects the events.
pub fn start(format: Option<LogFormat>) {
    let is_terminal = std::io::stderr().is_terminal();
    let default = if is_terminal { LogFormat::Text } else { LogFormat::Json };
    // The gateway logs every request, so the function's own line for a request is off. On Lambda it
    // is on.
    let filter = || {
        EnvFilter::try_from_default_env()
            .unwrap_or_else(|_| "info,orgs_runtime::triggers::api_gateway=warn".into())
    };
    let subscriber =
        tracing_subscriber::fmt().with_writer(std::io::stderr).with_env_filter(filter());
    match format.unwrap_or(default) {
        LogFormat::Text => {
            subscriber.event_format(Text { clock: Clock::system(), has_color: is_terminal }).init();
        }
        LogFormat::Json => subscriber.json().with_span_list(false).init(),
    }
}

/// The formatter for [`LogFormat::Text`].
struct Text {
    clock: Clock,
    has_color: bool,
}

/// The fields of a request's log event.
#[derive(Default)]
struct Request {
    method: String,
    path: String,
    status: u64,
    code: String,
    ms: f64,
}

impl Visit for Request {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.record_str(field, &format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "method" => value.clone_into(&mut self.method),
            "path" => value.clone_into(&mut self.path),
            "code" => value.clone_into(&mut self.code),
            _ => {}
        }
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        if field.name() == "status" {
            self.status = value;
        }
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        if field.name() == "ms" {
            self.ms = value;
        }
    }
}

impl Text {
    /// Returns `text` with the ANSI color code `color`, or unchanged if colors are off.
    fn colored(&self, text: &str, color: u8) -> String {
        if self.has_color { format!("\u{1b}[{color}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    /// Returns the line for a request.
    fn request(&self, request: &Request) -> String {
        let color = match request.status {
            ..400 => 32,
            400..500 => 33,
            _ => 31,
        };
        let status = self.colored(&request.status.to_string(), color);
        let code =
            if request.code.is_empty() { String::new() } else { format!(" {}", request.code) };
        format!("{} {} {status}{code} {:.1} ms", request.method, request.path, request.ms)
    }
}

impl<S, N> FormatEvent<S, N> for Text
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let now = self.clock.now().to_rfc3339_opts(SecondsFormat::Millis, true);
        let time = now.split_once('T').map_or(now.as_str(), |(_, time)| time);
        write!(writer, "{time} ")?;
        if event.metadata().target() == REQUEST_TARGET {
            let mut request = Request::default();
            event.record(&mut request);
            return writeln!(writer, "{}", self.request(&request));
        }
        let level = event.metadata().level();
        let color = match *level {
            Level::ERROR => 31,
            Level::WARN => 33,
            _ => 2,
        };
        write!(writer, "{} ", self.colored(level.as_str(), color))?;
        context.format_fields(writer.by_ref(), event)?;
        writeln!(writer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_logged_as_one_readable_line() {
        let request = |status, code: &str| Request {
            method: "GET".to_owned(),
            path: "/v1/orgs".to_owned(),
            status,
            code: code.to_owned(),
            ms: 1.26,
        };
        let plain = Text { clock: Clock::system(), has_color: false };
        assert_eq!(plain.request(&request(200, "")), "GET /v1/orgs 200 1.3 ms");
        assert_eq!(
            plain.request(&request(404, "org_not_found")),
            "GET /v1/orgs 404 org_not_found 1.3 ms"
        );
        let colored = Text { has_color: true, ..plain };
        assert_eq!(
            colored.request(&request(500, "")),
            "GET /v1/orgs \u{1b}[31m500\u{1b}[0m 1.3 ms"
        );
    }
}
