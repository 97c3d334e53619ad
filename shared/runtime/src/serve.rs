//! Runs an action on Lambda.

use std::io::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};

use lambda_http::aws_lambda_events::dynamodb::Event;
use lambda_http::aws_lambda_events::sns::SnsEvent;
use lambda_http::aws_lambda_events::sqs::SqsEvent;
use lambda_http::lambda_runtime::{self, Error, LambdaEvent, service_fn};
use lambda_http::request::LambdaRequest;
use orgs_domain::Clock;
use orgs_policies::{ActionName, Authorizer};
use orgs_store::WarmUp;
use serde::de::IgnoredAny;

use crate::action::{Function, Handler};
use crate::app_state::AppState;
use crate::aws::{config, tls};
use crate::metrics::Metric;
use crate::settings::{Settings, variable};

/// The wait before a stream batch with failed records returns. Lambda does not document a backoff
/// between the retries of a stream. With this wait, 360 retries take at least half an hour.
const FAILED_BATCH_DELAY: Duration = Duration::from_secs(5);

/// Serves one action on Lambda until Lambda ends the process. The variable `_HANDLER`, which is the
/// function's configured handler, names the action. `find` returns the function and its warm-up
/// call.
///
/// # Errors
/// If no action has that name, a setting is invalid, or the Runtime API does not respond.
pub fn serve(find: impl Fn(&str) -> Option<(Function, Option<WarmUp>)>) -> Result<(), Error> {
    let started = Instant::now();
    let handler = variable("_HANDLER").unwrap_or_default();
    let Some((function, warm_up)) = find(&handler) else {
        let error = format!(
            "no action is named `{handler}`: set the function's handler to the name of one"
        );
        writeln!(std::io::stderr(), "{error}")?;
        return Err(error.into());
    };
    let action = ActionName::named(function.name);
    if let Some(action) = action {
        Authorizer::warm_up(action);
    }
    tracing_subscriber::fmt()
        .json()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "info".into()),
        )
        .with_current_span(true)
        .with_span_list(false)
        .without_time()
        .init();
    let run = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(run(function, warm_up, started, action));
    run.inspect_err(|error| tracing::error!(%error, "the function stopped"))
}

async fn run(
    function: Function,
    warm_up: Option<WarmUp>,
    started: Instant,
    action: Option<ActionName>,
) -> Result<(), Error> {
    let settings = Settings::from_env()?;
    let sdk = config::config(variable, tls::http_client(settings.ca_file.as_deref())?);
    let app = Arc::new(AppState::new(&sdk, settings, Clock::system()));
    // Opens the first TLS connection before the first request, which would otherwise wait for it.
    if let Some(warm_up) = warm_up
        && let Err(error) = app.store.warm_up(warm_up).await
    {
        tracing::debug!(%error, "the first connection will be made by the first request");
    }
    if let Some(action) = action {
        Authorizer::for_action(action).map_err(ToString::to_string)?;
    }
    app.metrics.record(Metric::ColdStarts, 1);
    app.metrics.record(
        Metric::InitDuration,
        u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
    );
    match function.handler {
        Handler::Http(_) => {
            let answer = |event: LambdaEvent<LambdaRequest>| {
                let app = Arc::clone(&app);
                async move {
                    let answer = function.answer(&app, event.payload).await;
                    write_metrics(&app);
                    Ok::<_, Error>(answer)
                }
            };
            lambda_runtime::run(service_fn(answer)).await
        }
        Handler::Changes(_) | Handler::UsageMonth(_) => {
            let deliver = |event: LambdaEvent<Event>| {
                let app = Arc::clone(&app);
                async move {
                    let failures = function.deliver(&app, event.payload).await;
                    write_metrics(&app);
                    if !failures.batch_item_failures.is_empty() {
                        tokio::time::sleep(FAILED_BATCH_DELAY).await;
                    }
                    Ok::<_, Error>(failures)
                }
            };
            lambda_runtime::run(service_fn(deliver)).await
        }
        Handler::Mail(_) => {
            let receive = |event: LambdaEvent<SqsEvent>| {
                let app = Arc::clone(&app);
                async move {
                    let failures = function.receive(&app, event.payload).await;
                    write_metrics(&app);
                    Ok::<_, Error>(failures)
                }
            };
            lambda_runtime::run(service_fn(receive)).await
        }
        Handler::Schedule(_) => {
            let run_schedule = |_: LambdaEvent<IgnoredAny>| {
                let app = Arc::clone(&app);
                async move {
                    let done = function.run_schedule(&app).await.map_err(Error::from);
                    write_metrics(&app);
                    done
                }
            };
            lambda_runtime::run(service_fn(run_schedule)).await
        }
        Handler::Feedback(_) => {
            let report = |event: LambdaEvent<SnsEvent>| {
                let app = Arc::clone(&app);
                async move {
                    let reported = function.report(&app, event.payload).await.map_err(Error::from);
                    write_metrics(&app);
                    reported
                }
            };
            lambda_runtime::run(service_fn(report)).await
        }
    }
}

/// Writes the metrics of an invocation if `METRICS_NAMESPACE` is set.
fn write_metrics(app: &AppState) {
    let Some(namespace) = &app.settings.metrics_namespace else { return };
    let retries = app.store.take_retries();
    if retries > 0 {
        app.metrics.record(Metric::Retries, retries);
    }
    if let Some(line) = app.metrics.line(namespace, app.clock.now())
        && let Err(error) = writeln!(std::io::stdout().lock(), "{line}")
    {
        tracing::warn!(%error, "the metrics could not be written");
    }
}
