//! The smallest function on `lambda_http`: the baseline of the start-up measurements.

use lambda_http::{Error, Request, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    run(service_fn(async |_: Request| Ok::<_, Error>(serde_json::json!({"status": "ok"})))).await
}
