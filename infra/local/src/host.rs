//! Puts the parts together.

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
use chrono::{DateTime, Utc};
use orgs_runtime::domain::{Clock, Ids};
use orgs_runtime::events::Publisher;
use orgs_runtime::mail::{MailSettings, Mailer};
use orgs_runtime::store::{Store, StoreSettings};
use orgs_runtime::{AppState, Metrics, Settings};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::call_log::{CallLog, Watcher};
use crate::dev_routes::Control;
use crate::dynamodb::Embedded;
use crate::eventbridge::Bus;
use crate::faults::{Faults, FaultyClient, Seen};
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
use orgs_functions::registry::{Grant, ROUTES, Route, Trigger};

/// How a host is started.
#[derive(Debug)]
pub struct HostOptions {
    /// Where it listens; port 0 picks one.
    pub addr: SocketAddr,
    /// Where its data is.
    pub data: Data,
    /// Whether the clock stands still until it is moved.
    pub frozen: bool,
    /// What the functions are told; the tables and the public address are the host's.
    pub settings: Settings,
    /// Which DynamoDB.
    pub dynamo: Dynamo,
    /// What goes wrong between the SDK and DynamoDB.
    pub faults: Faults,
    /// What goes wrong with mail.
    pub mail_faults: MailFaults,
    /// How many events are refused before one is taken.
    pub refused_events: u32,
    /// Whether each record of a stream is handed over twice.
    pub repeats_records: bool,
}

impl HostOptions {
    /// A host on a free port of this machine, in memory, on the embedded DynamoDB, without faults.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self {
            addr: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            data: Data::Memory,
            frozen: false,
            settings,
            dynamo: Dynamo::Embedded,
            faults: Faults::None,
            mail_faults: MailFaults::None,
            refused_events: 0,
            repeats_records: false,
        }
    }
}

/// Where a host's data is.
#[derive(Debug, Clone)]
pub enum Data {
    /// In this file, for the next start.
    File(PathBuf),
    /// Nowhere: it goes with the host.
    Memory,
}

/// Which DynamoDB a host uses.
#[derive(Debug, Clone)]
pub enum Dynamo {
    /// The embedded one.
    Embedded,
    /// Another one, such as AWS's DynamoDB Local, in tables whose names begin so.
    At {
        /// Its address.
        url: String,
        /// How the tables' names begin.
        prefix: String,
    },
}

/// A host could not be started.
#[derive(Debug, thiserror::Error)]
#[error("{what}: {why}")]
pub struct HostError {
    what: &'static str,
    why: String,
}

impl HostError {
    pub(crate) fn new(what: &'static str, why: impl std::fmt::Display) -> Self {
        Self { what, why: why.to_string() }
    }
}

/// A running host.
#[derive(Debug)]
pub struct Host {
    url: String,
    dynamo_url: String,
    tables: [String; 2],
    journal: Arc<CallLog>,
    clock: Clock,
    database: Option<Arc<dyn Service>>,
    outbox: Arc<Outbox>,
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
    _memory: Option<tempfile::TempDir>,
}

/// The environment of a function outside the host that works on the host's data, as `cargo lambda
/// watch --env-file` reads it.
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
    /// Starts a host; it is ready when this returns.
    ///
    /// # Errors
    /// [`HostError`] says which part does not start, and why.
    pub async fn start(options: HostOptions) -> Result<Self, HostError> {
        let (path, memory) = place(&options.data)?;
        let mut settings = options.settings.clone();
        let (stop, stopped) = watch::channel(false);
        let mut tasks = Vec::new();
        let Connection { database, http, endpoint } =
            connect(&options, &path, &mut settings, &mut tasks, &stopped).await?;
        let seen = Seen::default();
        let faulty = |faults| FaultyClient { inner: http.clone(), faults, seen: Arc::clone(&seen) };
        let [behind, dynamo] = [options.faults.behind(), options.faults]
            .map(|faults| sdk(&endpoint, SharedHttpClient::new(faulty(faults))));
        Store::new(&sdk(&endpoint, http.clone()), settings.store.clone())
            .create_tables()
            .await
            .map_err(|error| HostError::new("the tables", error))?;
        let state =
            Arc::new(State::open(&path).map_err(|error| HostError::new("the host's file", error))?);
        let log = match &database {
            Some(_) => Some(Arc::new(
                StreamLog::open(&path)
                    .map_err(|error| HostError::new("the stream's index", error))?,
            )),
            None => None,
        };
        let clock = clock(&state, options.frozen)?;
        let listener = TcpListener::bind(options.addr)
            .await
            .map_err(|error| HostError::new("the address", format!("{}: {error}", options.addr)))?;
        let addr = listener.local_addr().map_err(|error| HostError::new("the address", error))?;
        let url = format!("http://{addr}");
        settings.mail.public_url.clone_from(&url);
        settings.claims.service_clients = None;
        settings.page.issuer.get_or_insert(format!("{url}/local/oidc"));

        let outbox =
            Arc::new(Outbox::new(&state, &clock, &settings.mail.sender, options.mail_faults));
        let queue = Arc::new(Queue::new(Arc::clone(&state)));
        let events: Arc<dyn Service> = Arc::new(Bus {
            state: Arc::clone(&state),
            queue: Arc::clone(&queue),
            refuses: AtomicU32::new(options.refused_events),
        });
        let (ses, ses_url) = listen("the SES endpoint").await?;
        tasks.push(serve(
            ses,
            service::router(Arc::clone(&outbox) as Arc<dyn Service>),
            stopped.clone(),
        ));
        let (bus, bus_url) = listen("the EventBridge endpoint").await?;
        tasks.push(serve(bus, service::router(Arc::clone(&events)), stopped.clone()));

        let journal = Arc::new(CallLog::default());
        // One source of ids, so that what one function makes after another sorts after it.
        let ids = Arc::new(Ids::new(clock.clone()));
        let ses = sdk(&ses_url, service::client(Arc::clone(&outbox) as Arc<dyn Service>));
        let bus = sdk(&bus_url, service::client(events));
        let app = |route: &Route| {
            let watcher = Watcher {
                function: route.function.name,
                grants: route.grants,
                journal: Arc::clone(&journal),
                tables: [settings.store.core_table.clone(), settings.store.usage_table.clone()],
            };
            let dynamo = if matches!(route.trigger, Trigger::Stream(_) | Trigger::MailQueue) {
                &behind
            } else {
                &dynamo
            };
            let store = Store::with_interceptor(
                dynamo,
                settings.store.clone(),
                format!("{url} {}", route.function.name),
                watcher,
            );
            // Without its grant, a function's mails go nowhere.
            let place = if route.grants.contains(&Grant::SendMail) { &ses } else { dynamo };
            let mailer = Mailer::new(place, settings.mail.clone());
            let place = if route.grants.contains(&Grant::PublishEvents) { &bus } else { dynamo };
            Arc::new(AppState {
                store,
                mailer,
                events: Publisher::new(place, settings.event_bus.clone()),
                settings: settings.clone(),
                clock: clock.clone(),
                ids: Arc::clone(&ids),
                metrics: Metrics::default(),
            })
        };
        let mounted =
            ROUTES.iter().flat_map(|route| MountedRoute::of(route, &app(route))).collect();
        let identity = Arc::new(Identity::new(format!("{url}/local/oidc"), &state)?);
        let driven = |trigger| {
            ROUTES
                .iter()
                .filter(|route| route.trigger == trigger)
                .map(|route| (route.function, app(route)))
                .collect::<Vec<_>>()
        };
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
            hourly: driven(Trigger::Hourly),
            feedback: driven(Trigger::MailFeedback),
        });
        let gateway =
            Gateway { mounted, identity, clock: clock.clone(), ids: Arc::clone(&ids), control };
        tasks.push(serve(listener, gateway.router(), stopped.clone()));
        let mailers = driven(Trigger::MailQueue).into_iter();
        tasks.extend(mailers.map(|(function, app)| {
            tokio::spawn(Arc::clone(&queue).run(function, app, stopped.clone()))
        }));
        for table in ["core", "usage"] {
            let readers = ROUTES.iter().filter_map(|route| match route.trigger {
                Trigger::Stream(records) if records.table() == table => {
                    Some(EventSourceMapping::new(route.function, app(route), records))
                }
                _ => None,
            });
            let source = match &database {
                Some(database) => Source::Embedded(Arc::clone(database)),
                None => Source::At(endpoint.clone(), reqwest::Client::new()),
            };
            let streams = Streams::new(source, settings.store.table(table).to_owned());
            let pump = StreamPoller {
                streams,
                readers: readers.collect(),
                log: log.clone(),
                repeats: options.repeats_records,
            };
            tasks.push(tokio::spawn(pump.run(Arc::clone(&journal), stopped.clone())));
        }
        let tables = [settings.store.core_table.clone(), settings.store.usage_table.clone()];
        Ok(Self {
            url,
            dynamo_url: endpoint,
            tables,
            journal,
            clock,
            database,
            outbox,
            stop,
            tasks,
            _memory: memory,
        })
    }

    /// Its address, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The address of its DynamoDB.
    #[must_use]
    pub fn dynamo_url(&self) -> &str {
        &self.dynamo_url
    }

    /// Calls an operation of the embedded DynamoDB. Returns its success and the response body;
    /// `None` where the host uses another DynamoDB.
    #[must_use]
    pub fn call_dynamo(&self, operation: &str, body: &[u8]) -> Option<(bool, Vec<u8>)> {
        let answer = self.database.as_ref()?.answer(operation, body);
        Some((answer.status == 200, answer.body))
    }

    /// The time by its clock.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Ends the mail faults that the host was started with.
    pub fn mend_mail(&self) {
        self.outbox.mend();
    }

    /// The names of the tables `core` and `usage` there.
    #[must_use]
    pub fn tables(&self) -> &[String; 2] {
        &self.tables
    }

    /// What its functions called.
    #[must_use]
    pub fn journal(&self) -> &CallLog {
        &self.journal
    }

    /// Ends it: requests that run are answered, and the data is closed.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        for task in self.tasks.drain(..) {
            if let Err(error) = task.await {
                tracing::error!(%error, "a part of the host ended badly");
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
            let (listener, endpoint) = listen("the embedded DynamoDB").await?;
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

/// The file that the data is in, and the folder that goes with the host where there is to be none.
fn place(data: &Data) -> Result<(PathBuf, Option<tempfile::TempDir>), HostError> {
    match data {
        Data::File(path) => {
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder)
                    .map_err(|error| HostError::new("the data's folder", error))?;
            }
            Ok((path.clone(), None))
        }
        Data::Memory => {
            let folder =
                tempfile::tempdir().map_err(|error| HostError::new("a temporary folder", error))?;
            Ok((folder.path().join("data.db"), Some(folder)))
        }
    }
}

/// The clock, as far as it was moved when it ran before.
fn clock(state: &State, frozen: bool) -> Result<Clock, HostError> {
    let shift = state.setting("clock_shift").map_err(|error| HostError::new("the clock", error))?;
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

/// A place on this machine for one of the services that the functions talk to, and its address.
async fn listen(what: &'static str) -> Result<(TcpListener, String), HostError> {
    let listener =
        TcpListener::bind("127.0.0.1:0").await.map_err(|error| HostError::new(what, error))?;
    let url =
        format!("http://{}", listener.local_addr().map_err(|error| HostError::new(what, error))?);
    Ok((listener, url))
}

fn serve(
    listener: TcpListener,
    router: Router,
    mut stopped: watch::Receiver<bool>,
) -> JoinHandle<()> {
    tokio::spawn(async move {
        let stop = async move { drop(stopped.wait_for(|stopped| *stopped).await) };
        if let Err(error) = axum::serve(listener, router).with_graceful_shutdown(stop).await {
            tracing::error!(%error, "a listener stopped");
        }
    })
}

/// The SDK's settings for an endpoint on this machine.
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
