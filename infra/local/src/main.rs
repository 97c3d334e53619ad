//! The binary behind `cargo run`: starts the local host or runs one of its commands.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use axum::http::HeaderValue;
use clap::{Parser, Subcommand, ValueEnum};
use orgs_local::log::{self, LogFormat};
use orgs_local::{Data, Host, HostOptions, cors, explain, simulate};
use orgs_runtime::Settings;

/// mimalloc is faster than the system's allocator for the many small allocations of a request.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Run Organizations on this machine: the same functions, policies and clients as on AWS, with an
/// embedded DynamoDB.
#[derive(Debug, Parser)]
#[command(name = "local", version)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    /// Address to listen on; port 0 picks a free port. The routes under /local answer on a loopback
    /// address only
    #[arg(long, default_value = "127.0.0.1:9000")]
    addr: SocketAddr,
    /// Data file. The host keeps mails, events and its signing key in FILE-host beside it
    #[arg(long, default_value = ".local/data.db", value_name = "FILE", conflicts_with = "memory")]
    data: PathBuf,
    /// Keep no data after the host stops
    #[arg(long)]
    memory: bool,
    /// Clock of the host
    #[arg(long, value_enum, default_value_t = ClockMode::System)]
    clock: ClockMode,
    /// Enforce the rate limits of invitation mails per inviter and per recipient
    #[arg(long, value_enum, default_value_t = Switch::On)]
    rate_limits: Switch,
    /// Origin of web pages that may call the API. Can be repeated
    #[arg(long = "cors-origin", value_name = "http://localhost:5173", value_parser = cors::origin)]
    cors_origins: Vec<HeaderValue>,
    /// Accepted audience of tokens of the issuer in `OIDC_ISSUER`. Can be repeated [default: the
    /// pages' client, `OIDC_CLIENT_ID`]
    #[arg(long = "audience", value_name = "AUDIENCE")]
    audiences: Vec<String>,
    /// Format of the log [default: text on a terminal, json otherwise]
    #[arg(long, value_enum)]
    log: Option<LogFormat>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write infra/openapi.json, infra/events.schema.json, infra/routes.json, infra/tables.json and
    /// the texts of the console's audit log
    Contract,
    /// Write the skeleton of a new action: handler, test, and a row in every table
    NewAction {
        /// Folder in functions/, such as members
        noun: String,
        /// Name in `snake_case`, such as `get_member`
        action: String,
    },
    /// Explain why a request is allowed or denied, and which changes would allow it
    Explain(explain::Explain),
    /// Send realistic usage events, and compare every report with them
    Simulate(simulate::Simulate),
    /// Compare two sets of policies: list who gains and who loses permissions
    DiffPolicies(explain::Diff),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ClockMode {
    /// Time passes only when POST /local/clock moves it
    Frozen,
    /// Time passes by itself; POST /local/clock can move it too
    System,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Switch {
    On,
    Off,
}

fn main() -> ExitCode {
    match command(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // If standard error is closed, the message is lost.
            writeln!(std::io::stderr(), "error: {error}").unwrap_or_default();
            ExitCode::FAILURE
        }
    }
}

fn command(arguments: Arguments) -> Result<(), Box<dyn std::error::Error>> {
    match arguments.command {
        Some(Command::Contract) => {
            for (path, text) in orgs_contract::files()? {
                std::fs::write(root().join(path), text)?;
            }
            Ok(())
        }
        Some(Command::NewAction { noun, action }) => {
            let mut out = std::io::stdout();
            for path in orgs_contract::new_action(&root(), &noun, &action)? {
                writeln!(out, "wrote {path}")?;
            }
            writeln!(
                out,
                "next: cargo test -p orgs-policies --test actions, then cargo run -- contract"
            )?;
            Ok(writeln!(out, "docs/ADDING_AN_ACTION.md has the rest")?)
        }
        Some(Command::Explain(options)) => {
            Ok(std::io::stdout().write_all(explain::explain(&options)?.as_bytes())?)
        }
        Some(Command::DiffPolicies(options)) => {
            Ok(std::io::stdout().write_all(explain::diff(&options)?.as_bytes())?)
        }
        Some(Command::Simulate(options)) => {
            tokio::runtime::Runtime::new()?.block_on(simulated(&options))
        }
        None => tokio::runtime::Runtime::new()?.block_on(run(arguments)),
    }
}

/// Returns the root of the repository.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

async fn run(arguments: Arguments) -> Result<(), Box<dyn std::error::Error>> {
    log::start(arguments.log);
    let mut settings = Settings::from_env()?;
    if arguments.rate_limits == Switch::Off {
        settings.limits.invitations_per_inviter_hour = None;
        settings.limits.invitations_per_recipient_day = None;
    }
    let data = if arguments.memory { Data::Memory } else { Data::File(arguments.data.clone()) };
    let host = Host::start(HostOptions {
        addr: arguments.addr,
        data,
        frozen: arguments.clock == ClockMode::Frozen,
        cors_origins: arguments.cors_origins,
        audiences: arguments.audiences,
        ..HostOptions::new(settings)
    })
    .await?;
    // Before `listening on` is printed: a script may send Ctrl-C as soon as it reads that line.
    let stop_signal = ended()?;
    let storage =
        if arguments.memory { "not kept".to_owned() } else { arguments.data.display().to_string() };
    std::io::stderr().write_all(banner(host.url(), &storage).as_bytes())?;
    let mut out = std::io::stdout();
    writeln!(out, "listening on {}", host.url())?;
    out.flush()?;
    stop_signal.await;
    host.stop().await;
    Ok(())
}

/// Simulates traffic against the host at `--url`, or against a new host in this process.
async fn simulated(options: &simulate::Simulate) -> Result<(), Box<dyn std::error::Error>> {
    let table = if let Some(url) = &options.url {
        simulate::simulate(options, url).await?
    } else {
        let host = Host::start(HostOptions::new(Settings::from_env()?)).await?;
        let outcome = simulate::simulate(options, host.url()).await;
        host.stop().await;
        outcome?
    };
    Ok(std::io::stdout().write_all(table.as_bytes())?)
}

/// Returns the text that the host prints at start. `storage` is the data file, or `not kept`.
fn banner(url: &str, storage: &str) -> String {
    format!(
        r#"
Organizations is running at {url} (data: {storage}). Press Ctrl-C to stop it.
Try it in another terminal:

  TOKEN=$(curl -s {url}/local/token -d '{{"sub":"ann","email":"ann@example.com","email_verified":true,"name":"Ann"}}' | sed 's/.*"access_token":"\([^"]*\)".*/\1/')
  curl -s {url}/v1/orgs -H "authorization: Bearer $TOKEN" -H 'content-type: application/json' -d '{{"name":"Acme"}}'

Sent mails, with their links: {url}/local/mails

"#
    )
}

/// Registers for Ctrl-C and SIGTERM. The returned future completes at the first of them.
///
/// # Errors
/// An I/O error if the system refuses a signal handler.
fn ended() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) =
        (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => (),
            _ = terminate.recv() => (),
        }
    })
}
