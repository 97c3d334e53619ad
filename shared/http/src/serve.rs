//! The Lambda host.

use std::sync::Arc;

use lambda_http::aws_lambda_events::dynamodb::Event;
use lambda_http::aws_lambda_events::sns::SnsEvent;
use lambda_http::lambda_runtime::{self, Error, LambdaEvent, service_fn};
use lambda_http::request::LambdaRequest;
use orgs_domain::Clock;

use crate::function::{Function, Kind};
use crate::settings::Settings;
use crate::world::World;

/// Runs a function on Lambda until Lambda ends the process.
///
/// # Errors
/// When a setting is not usable, or the runtime's interface is not there.
pub fn serve(function: Function) -> Result<(), Error> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(run(function))
}

async fn run(function: Function) -> Result<(), Error> {
    tracing_subscriber::fmt()
        .json()
        .with_env_filter(tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "info".into()))
        .with_current_span(true)
        .with_span_list(false)
        .without_time()
        .init();
    let settings = Settings::from_env()?;
    let sdk = aws_config::load_defaults(aws_config::BehaviorVersion::latest()).await;
    let world = Arc::new(World::new(&sdk, settings, Clock::system()));
    // The first TLS connection and the policies belong to the start, not to the first request.
    if let Err(error) = world.store.warm_up().await {
        tracing::debug!(%error, "the first connection will be made by the first request");
    }
    orgs_policies::Authorizer::shared().map_err(ToString::to_string)?;
    match function.kind {
        Kind::Http(_) => {
            let answer = |event: LambdaEvent<LambdaRequest>| {
                let world = Arc::clone(&world);
                async move { Ok::<_, Error>(function.answer(&world, event.payload).await) }
            };
            lambda_runtime::run(service_fn(answer)).await
        }
        Kind::Mail(_) => {
            let deliver = |event: LambdaEvent<Event>| {
                let world = Arc::clone(&world);
                async move { Ok::<_, Error>(function.deliver(&world, event.payload).await) }
            };
            lambda_runtime::run(service_fn(deliver)).await
        }
        Kind::Feedback(_) => {
            let report = |event: LambdaEvent<SnsEvent>| {
                let world = Arc::clone(&world);
                async move { function.report(&world, event.payload).await.map_err(Error::from) }
            };
            lambda_runtime::run(service_fn(report)).await
        }
    }
}
