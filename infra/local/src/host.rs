//! Starts the host: connects the functions to the gateway, the event sources and the stand-ins for
//! AWS services.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicU32;

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_types::SdkConfig;
use aws_types::region::Region;
use axum::Router;
use axum::http::HeaderValue;
use chrono::{DateTime, Utc};
use orgs_domain::{Clock, Ids};
use orgs_mail::MailSettings;
use orgs_runtime::Settings;
use orgs_store::{Store, StoreSettings};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::call_log::CallLog;
use crate::dev_routes::Control;
use crate::dynamodb::{Data, Embedded};
use crate::error::HostError;
use crate::eventbridge::Bus;
use crate::external_issuer::ExternalIssuer;
use crate::faults::{Faults, FaultyClient, Seen};
use crate::functions::Functions;
use crate::gateway::{Gateway, MountedRoute};
use crate::identity::Identity;
use crate::mails::Mails;
use crate::oidc::Issuer;
use crate::queue::Queue;
use crate::service::{self, Service};
use crate::ses::{MailFaults, Outbox};
use crate::state::State;
use crate::stream_log::StreamLog;
use crate::stream_poller::{EventSourceMapping, Source, StreamPoller, Streams};
use orgs_functions::registry::ACTIONS;
use orgs_runtime::action::Trigger;

/// The options for [`Host::start`].
#[derive(Debug)]
pub struct HostOptions {
    /// The address to listen on; port 0 picks a free port.
    pub addr: SocketAddr,
    /// The storage of the data.
    pub data: Data,
    /// True if time passes only when `POST /local/clock` moves it.
    pub frozen: bool,
    /// The origins of web pages that may call the API.
    pub cors_origins: Vec<HeaderValue>,
    /// The accepted audiences of tokens of the issuer in the settings; empty for the client of the
    /// pages.
    pub audiences: Vec<String>,
    /// The functions' settings. The host sets the public URL and, with [`Dynamo::At`], the table
    /// names. If the settings name an issuer, its tokens are valid too, and the pages use it. In
    /// the host's own tokens, the scopes of every client count.
    pub settings: Settings,
    /// The DynamoDB that the functions use.
    pub dynamo: Dynamo,
    /// The faults between the SDK and DynamoDB.
    pub faults: Faults,
    /// The faults of SES.
    pub mail_faults: MailFaults,
    /// The number of event entries that EventBridge refuses before it accepts one.
    pub refused_events: u32,
    /// True if each stream record is delivered twice.
    pub repeats_records: bool,
}

impl HostOptions {
    /// Returns the options of a host on a free loopback port, with temporary data in the embedded
    /// DynamoDB, the system's clock and no faults.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self {
            addr: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            data: Data::Memory,
            frozen: false,
            cors_origins: Vec::new(),
            audiences: Vec::new(),
            settings,
            dynamo: Dynamo::Embedded,
            faults: Faults::None,
            mail_faults: MailFaults::None,
            refused_events: 0,
            repeats_records: false,
        }
    }
}

/// The DynamoDB that a host uses.
#[derive(Debug, Clone)]
pub enum Dynamo {
    /// The DynamoDB in this process.
    Embedded,
    /// Another DynamoDB, such as DynamoDB Local by AWS.
    At {
        /// The URL of its endpoint.
        url: String,
        /// The prefix of the table names: `<prefix>core` and `<prefix>usage`.
        prefix: String,
    },
}

/// A running host.
#[derive(Debug)]
pub struct Host {
    url: String,
    dynamo_url: String,
    tables: [String; 2],
    call_log: Arc<CallLog>,
    clock: Clock,
    database: Option<Arc<dyn Service>>,
    outbox: Arc<Outbox>,
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
    _memory: Option<tempfile::TempDir>,
}

/// Returns the environment for a function that runs outside the host on the host's data, in the
/// format of `cargo lambda watch --env-file`.
fn environment(settings: &Settings, dynamo_url: &str, ses_url: &str, bus_url: &str) -> String {
    let StoreSettings { core_table, usage_table, usage_shards } = &settings.store;
    let MailSettings { sender, public_url, .. } = &settings.mail;
    format!(
        "AWS_REGION=us-east-1\nAWS_ACCESS_KEY_ID=local\nAWS_SECRET_ACCESS_KEY=local\nAWS_ENDPOINT_URL_DYNAMODB={dynamo_url}\nAWS_ENDPOINT_URL_SES={ses_url}\n\
         AWS_ENDPOINT_URL_EVENTBRIDGE={bus_url}\n\
         CORE_TABLE={core_table}\nUSAGE_TABLE={usage_table}\nUSAGE_SHARDS={usage_shards}\nMAIL_SENDER={sender}\nPUBLIC_URL={public_url}\n"
    )
}

impl Host {
    /// Starts a host. It accepts requests when this function returns.
    ///
    /// # Errors
    /// [`HostError`] if a file, a table, a key or a listener cannot be opened or created.
    pub async fn start(options: HostOptions) -> Result<Self, HostError> {
        let (path, memory) = place(&options.data)?;
        let mut settings = options.settings.clone();
        let (stop, stopped) = watch::channel(false);
        let mut tasks = Vec::new();
        let Connection { database, http, endpoint } =
            connect(&options, &path, &mut settings, &mut tasks, &stopped).await?;
        let seen = Seen::default();
        let faulty = |faults| FaultyClient { inner: http.clone(), faults, seen: Arc::clone(&seen) };
        let [background_dynamo, dynamo] = [options.faults.behind(), options.faults]
            .map(|faults| sdk(&endpoint, SharedHttpClient::new(faulty(faults))));
        Store::new(&sdk(&endpoint, http.clone()), settings.store.clone())
            .create_tables()
            .await
            .map_err(|error| HostError::new("cannot create the tables", error))?;
        let state = Arc::new(
            State::open(&path)
                .map_err(|error| HostError::new("cannot open the host's file", error))?,
        );
        let log = match &database {
            Some(_) => Some(Arc::new(
                StreamLog::open(&path)
                    .map_err(|error| HostError::new("cannot create the stream's index", error))?,
            )),
            None => None,
        };
        let clock = clock(&state, options.frozen)?;
        let listener = TcpListener::bind(options.addr).await.map_err(|error| {
            HostError::new("cannot listen on the address", format!("{}: {error}", options.addr))
        })?;
        let addr = listener
            .local_addr()
            .map_err(|error| HostError::new("cannot read the listener's address", error))?;
        let url = format!("http://{addr}");
        settings.mail.public_url.clone_from(&url);
        let claims = settings.claims.clone();
        settings.claims.service_clients = None;
        let own_issuer = format!("{url}/local/oidc");
        let external = ExternalIssuer::from_settings(&settings.page, options.audiences)?;
        settings.page.issuer.get_or_insert_with(|| own_issuer.clone());

        let outbox =
            Arc::new(Outbox::new(&state, &clock, &settings.mail.sender, options.mail_faults));
        let queue = Arc::new(Queue::new(Arc::clone(&state)));
        let events: Arc<dyn Service> = Arc::new(Bus {
            state: Arc::clone(&state),
            queue: Arc::clone(&queue),
            refuses: AtomicU32::new(options.refused_events),
        });
        let (ses, ses_url) = listen("cannot start the SES endpoint").await?;
        tasks.push(serve(
            ses,
            service::router(Arc::clone(&outbox) as Arc<dyn Service>),
            stopped.clone(),
        ));
        let (bus, bus_url) = listen("cannot start the EventBridge endpoint").await?;
        tasks.push(serve(bus, service::router(Arc::clone(&events)), stopped.clone()));

        let call_log = Arc::new(CallLog::default());
        // The functions share one generator, so that ids sort by creation across functions.
        let ids = Arc::new(Ids::new(clock.clone()));
        let functions = Functions {
            url: url.clone(),
            settings: settings.clone(),
            clock: clock.clone(),
            ids: Arc::clone(&ids),
            call_log: Arc::clone(&call_log),
            dynamo,
            background_dynamo,
            ses: sdk(&ses_url, service::client(Arc::clone(&outbox) as Arc<dyn Service>)),
            bus: sdk(&bus_url, service::client(events)),
        };
        let mounted = ACTIONS
            .iter()
            .flat_map(|route| MountedRoute::of(route, &functions.app(route)))
            .collect();
        let identity = Arc::new(Identity::new(own_issuer, external, claims, &state)?);
        let control = addr.ip().is_loopback().then(|| Control {
            issuer: Issuer::new(
                Arc::clone(&identity),
                clock.clone(),
                Arc::clone(&state),
                Arc::clone(&ids),
            ),
            mails: Mails { state: Arc::clone(&state), settings: settings.mail.clone() },
            clock: clock.clone(),
            state: Arc::clone(&state),
            environment: environment(&settings, &endpoint, &ses_url, &bus_url),
            hourly: functions.driven_by(Trigger::Hourly),
            feedback: functions.driven_by(Trigger::MailFeedback),
        });
        let gateway =
            Gateway { mounted, identity, clock: clock.clone(), ids: Arc::clone(&ids), control };
        let router = gateway.router(options.cors_origins);
        tasks.push(serve(listener, router, stopped.clone()));
        let mailers = functions.driven_by(Trigger::MailQueue).into_iter();
        tasks.extend(mailers.map(|(function, app)| {
            tokio::spawn(Arc::clone(&queue).run(function, app, stopped.clone()))
        }));
        for table in ["core", "usage"] {
            let readers = ACTIONS.iter().filter_map(|route| match route.trigger {
                Trigger::Stream(records) if records.table() == table => {
                    Some(EventSourceMapping::new(route.function, functions.app(route), records))
                }
                _ => None,
            });
            let source = match &database {
                Some(database) => Source::Embedded(Arc::clone(database)),
                None => Source::At(endpoint.clone(), reqwest::Client::new()),
            };
            let streams = Streams::new(source, settings.store.table(table).to_owned());
            let poller = StreamPoller {
                streams,
                readers: readers.collect(),
                log: log.clone(),
                repeats: options.repeats_records,
            };
            tasks.push(tokio::spawn(poller.run(Arc::clone(&call_log), stopped.clone())));
        }
        let tables = [settings.store.core_table.clone(), settings.store.usage_table.clone()];
        Ok(Self {
            url,
            dynamo_url: endpoint,
            tables,
            call_log,
            clock,
            database,
            outbox,
            stop,
            tasks,
            _memory: memory,
        })
    }

    /// Returns the base URL of the host, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns the URL of the DynamoDB endpoint.
    #[must_use]
    pub fn dynamo_url(&self) -> &str {
        &self.dynamo_url
    }

    /// Calls an operation of the embedded DynamoDB. Returns whether the call succeeded, and the
    /// response body; `None` if the host uses another DynamoDB.
    #[must_use]
    pub fn call_dynamo(&self, operation: &str, body: &[u8]) -> Option<(bool, Vec<u8>)> {
        let answer = self.database.as_ref()?.answer(operation, body);
        Some((answer.status == 200, answer.body))
    }

    /// Returns the time of the host's clock.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Ends the mail faults of [`HostOptions::mail_faults`].
    pub fn mend_mail(&self) {
        self.outbox.mend();
    }

    /// Returns the names of the tables `core` and `usage`, in this order.
    #[must_use]
    pub fn tables(&self) -> &[String; 2] {
        &self.tables
    }

    /// Returns the log of the functions' AWS calls.
    #[must_use]
    pub fn call_log(&self) -> &CallLog {
        &self.call_log
    }

    /// Stops the host: finishes running requests and closes the data.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        for task in self.tasks.drain(..) {
            if let Err(error) = task.await {
                tracing::error!(%error, "a task of the host panicked");
            }
        }
    }
}

/// The connection to DynamoDB.
struct Connection {
    /// The embedded DynamoDB, if the host uses it.
    database: Option<Arc<dyn Service>>,
    /// The HTTP client for the SDK.
    http: SharedHttpClient,
    /// The address for other processes.
    endpoint: String,
}

/// Opens and serves the embedded DynamoDB, or sets the table names for another one.
///
/// # Errors
/// [`HostError`] if the embedded DynamoDB cannot open its file or listen.
async fn connect(
    options: &HostOptions,
    path: &Path,
    settings: &mut Settings,
    tasks: &mut Vec<JoinHandle<()>>,
    stopped: &watch::Receiver<bool>,
) -> Result<Connection, HostError> {
    match &options.dynamo {
        Dynamo::Embedded => {
            let database = Embedded::open(path, &options.data)?;
            let (listener, endpoint) = listen("cannot start the embedded DynamoDB").await?;
            tasks.push(database.serve(listener, stopped.clone()));
            let database: Arc<dyn Service> = Arc::new(database);
            Ok(Connection {
                http: service::client(Arc::clone(&database)),
                database: Some(database),
                endpoint,
            })
        }
        Dynamo::At { url, prefix } => {
            settings.store.core_table = format!("{prefix}core");
            settings.store.usage_table = format!("{prefix}usage");
            let http = aws_smithy_http_client::Builder::new().build_http();
            Ok(Connection { database: None, http, endpoint: url.clone() })
        }
    }
}

/// Returns the path of the data file. For [`Data::Memory`] it is in a temporary folder, which is
/// returned too and is deleted when it is dropped.
fn place(data: &Data) -> Result<(PathBuf, Option<tempfile::TempDir>), HostError> {
    match data {
        Data::File(path) => {
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder)
                    .map_err(|error| HostError::new("cannot create the data folder", error))?;
            }
            Ok((path.clone(), None))
        }
        Data::Memory => {
            let folder = tempfile::tempdir()
                .map_err(|error| HostError::new("cannot create a temporary folder", error))?;
            Ok((folder.path().join("data.db"), Some(folder)))
        }
    }
}

/// Returns the clock with the stored offset of earlier runs. A frozen clock starts at a full
/// second.
fn clock(state: &State, frozen: bool) -> Result<Clock, HostError> {
    let shift = state
        .setting("clock_shift")
        .map_err(|error| HostError::new("cannot read the clock's offset", error))?;
    let shift =
        shift.and_then(|bytes| bytes.try_into().ok()).map(i64::from_le_bytes).unwrap_or_default();
    let clock = Clock::system();
    clock.advance(shift);
    Ok(if frozen {
        Clock::frozen(DateTime::from_timestamp(clock.now().timestamp(), 0).unwrap_or_default())
    } else {
        clock
    })
}

/// Listens on a free loopback port and returns the listener with its URL. `failure` is the text of
/// the error.
async fn listen(failure: &'static str) -> Result<(TcpListener, String), HostError> {
    let listener =
        TcpListener::bind("127.0.0.1:0").await.map_err(|error| HostError::new(failure, error))?;
    let url = format!(
        "http://{}",
        listener.local_addr().map_err(|error| HostError::new(failure, error))?
    );
    Ok((listener, url))
}

/// Serves a router until the host stops.
fn serve(
    listener: TcpListener,
    router: Router,
    mut stopped: watch::Receiver<bool>,
) -> JoinHandle<()> {
    tokio::spawn(async move {
        let stop = async move { drop(stopped.wait_for(|stopped| *stopped).await) };
        if let Err(error) = axum::serve(listener, router).with_graceful_shutdown(stop).await {
            tracing::error!(%error, "a listener failed");
        }
    })
}

/// Returns the SDK configuration for an endpoint on this machine.
fn sdk(endpoint: &str, http: SharedHttpClient) -> SdkConfig {
    let credentials = Credentials::new("local", "local", None, None, "the local host");
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .endpoint_url(endpoint)
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .http_client(http)
        .build()
}
