//! `cargo run`: the local host.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};
use orgs_local::log::{self, LogFormat};
use orgs_local::{Data, Host, HostOptions, contract, explain, simulate};
use orgs_runtime::Settings;

/// Faster than the system's allocator for many small allocations, which is what a request makes.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Organizations on this machine: the same functions, policies and clients as on AWS, over an
/// embedded DynamoDB.
#[derive(Debug, Parser)]
#[command(name = "local", version)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    /// Where to listen; port 0 picks one. The routes under /local answer on a loopback address only
    #[arg(long, default_value = "127.0.0.1:9000")]
    addr: SocketAddr,
    /// The data file. The host keeps mails, events and its signing key in FILE-host beside it
    #[arg(long, default_value = ".local/data.db", value_name = "FILE", conflicts_with = "memory")]
    data: PathBuf,
    /// Keep no data
    #[arg(long)]
    memory: bool,
    /// Whether time passes by itself, or only when POST /local/clock moves it
    #[arg(long, value_enum, default_value_t = ClockMode::System)]
    clock: ClockMode,
    /// Whether invitations are limited per inviter and per recipient
    #[arg(long, value_enum, default_value_t = Switch::On)]
    rate_limits: Switch,
    /// Format of the log [default: text on a terminal, json elsewhere]
    #[arg(long, value_enum)]
    log: Option<LogFormat>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write infra/openapi.json, infra/events.schema.json, infra/routes.json and infra/tables.json
    Contract,
    /// Say why somebody may do something or not, and what would change it
    Explain(explain::Explain),
    /// Send believable usage, and compare every report with what was sent
    Simulate(simulate::Simulate),
    /// Say who may do more and who less by another set of policies
    DiffPolicies(explain::Diff),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ClockMode {
    Frozen,
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
            // Nothing can be done where nobody reads it.
            writeln!(std::io::stderr(), "error: {error}").unwrap_or_default();
            ExitCode::FAILURE
        }
    }
}

fn command(arguments: Arguments) -> Result<(), Box<dyn std::error::Error>> {
    match arguments.command {
        Some(Command::Contract) => {
            let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
            for (path, text) in contract::files()? {
                std::fs::write(root.join(path), text)?;
            }
            Ok(())
        }
        Some(Command::Explain(asked)) => {
            Ok(std::io::stdout().write_all(explain::explain(&asked)?.as_bytes())?)
        }
        Some(Command::DiffPolicies(asked)) => {
            Ok(std::io::stdout().write_all(explain::diff(&asked)?.as_bytes())?)
        }
        Some(Command::Simulate(asked)) => {
            tokio::runtime::Runtime::new()?.block_on(simulated(&asked))
        }
        None => tokio::runtime::Runtime::new()?.block_on(run(arguments)),
    }
}

async fn run(arguments: Arguments) -> Result<(), Box<dyn std::error::Error>> {
    log::start(arguments.log);
    let mut settings = Settings::from_env()?;
    if arguments.rate_limits == Switch::Off {
        settings.limits.invitations_per_inviter_hour = None;
        settings.limits.invitations_per_recipient_day = None;
    }
    let kept = if arguments.memory { Data::Memory } else { Data::File(arguments.data.clone()) };
    let host = Host::start(HostOptions {
        addr: arguments.addr,
        data: kept,
        frozen: arguments.clock == ClockMode::Frozen,
        ..HostOptions::new(settings)
    })
    .await?;
    // A script may send Ctrl-C as soon as it reads the line below.
    let ended = ended()?;
    let data = if arguments.memory {
        "kept nowhere".to_owned()
    } else {
        format!("kept in {}", arguments.data.display())
    };
    std::io::stderr().write_all(banner(host.url(), &data).as_bytes())?;
    let mut out = std::io::stdout();
    writeln!(out, "listening on {}", host.url())?;
    out.flush()?;
    ended.await;
    host.stop().await;
    Ok(())
}

/// Plays traffic against the host that is named, or against one of its own.
async fn simulated(asked: &simulate::Simulate) -> Result<(), Box<dyn std::error::Error>> {
    let table = if let Some(url) = &asked.url {
        simulate::simulate(asked, url).await?
    } else {
        let host = Host::start(HostOptions::new(Settings::from_env()?)).await?;
        let outcome = simulate::simulate(asked, host.url()).await;
        host.stop().await;
        outcome?
    };
    Ok(std::io::stdout().write_all(table.as_bytes())?)
}

fn banner(url: &str, data: &str) -> String {
    format!(
        r#"
Organizations is running at {url} (data is {data}; Ctrl-C ends it).
Try it in another terminal:

  TOKEN=$(curl -s {url}/local/token -d '{{"sub":"ann","email":"ann@example.com","email_verified":true,"name":"Ann"}}' | sed 's/.*"access_token":"\([^"]*\)".*/\1/')
  curl -s {url}/v1/orgs -H "authorization: Bearer $TOKEN" -H 'content-type: application/json' -d '{{"name":"Acme"}}'

Mails that it would send, with their links: {url}/local/mails

"#
    )
}

/// Registers for Ctrl-C and SIGTERM. The returned future waits for the first of them.
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
