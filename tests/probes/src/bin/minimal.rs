//! The smallest function that reads DynamoDB and calls Cedar: the lower limit of a start with these
//! two packages. It has one policy, no settings, no log and no TLS, and prepares itself like the
//! project's functions do.

use std::str::FromStr;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::{BehaviorVersion, Config, Credentials, Region};
use aws_sdk_dynamodb::types::{AttributeValue, KeysAndAttributes};
use cedar_policy::{
    Authorizer, Context, Decision, Entities, EntityUid, PolicySet, Request as AuthzRequest,
};
use lambda_http::{Error, Request, run, service_fn};

const POLICY: &str = "permit (principal, action, resource);";

async fn read(client: &Client) -> Result<(), Error> {
    let key = [("pk", "a"), ("sk", "b")]
        .map(|(name, value)| (name.to_owned(), AttributeValue::S(value.to_owned())));
    let keys = KeysAndAttributes::builder().keys(key.into()).build()?;
    client.batch_get_item().request_items("core", keys).send().await?;
    Ok(())
}

fn decide(policies: &PolicySet) -> Result<Decision, Error> {
    let uid = EntityUid::from_str(r#"User::"ann""#)?;
    let request = AuthzRequest::new(uid.clone(), uid.clone(), uid, Context::empty(), None)?;
    Ok(Authorizer::new().is_authorized(&request, policies, &Entities::empty()).decision())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    std::thread::spawn(|| PolicySet::from_str(POLICY).is_ok());
    std::thread::spawn(|| Entities::from_entities([], None).is_ok());
    #[expect(clippy::disallowed_methods, reason = "a probe has no settings")]
    let url = std::env::var("AWS_ENDPOINT_URL_DYNAMODB")?;
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("probe", "probe", None, None, "a probe"))
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .endpoint_url(url);
    let client = &Client::from_conf(config.build());
    read(client).await?;
    let policies = &PolicySet::from_str(POLICY)?;
    let answer = async |_: Request| {
        read(client).await?;
        Ok::<_, Error>(serde_json::json!({"allowed": decide(policies)? == Decision::Allow}))
    };
    run(service_fn(answer)).await
}
