//! The least function on `lambda_http`: what start-up is measured against.

use lambda_http::{Error, Request, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    run(service_fn(async |_: Request| Ok::<_, Error>(serde_json::json!({"status": "ok"})))).await
}
