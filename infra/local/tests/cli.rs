//! The command itself: it says where it listens, ends cleanly, and keeps its data.

use std::error::Error;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

type Tested = Result<(), Box<dyn Error>>;

/// Starts the host and returns its address.
fn start(arguments: &[&str]) -> Result<(Child, String), Box<dyn Error>> {
    let mut child = Command::new(env!("CARGO_BIN_EXE_local"))
        .args(["--addr", "127.0.0.1:0"])
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let mut line = String::new();
    BufReader::new(child.stdout.take().ok_or("no output")?).read_line(&mut line)?;
    let url = line.strip_prefix("listening on ").ok_or(line.clone())?.trim().to_owned();
    Ok((child, url))
}

/// Ends it as Ctrl-C does.
fn interrupt(mut child: Child) -> Result<bool, Box<dyn Error>> {
    Command::new("kill").args(["-INT", &child.id().to_string()]).status()?;
    Ok(child.wait()?.success())
}

fn post(url: &str, token: Option<&str>, body: &str) -> Result<serde_json::Value, Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut request = reqwest::Client::new().post(url).header("content-type", "application/json").body(body.to_owned());
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        Ok(request.send().await?.json().await?)
    })
}

#[test]
fn it_listens_keeps_its_data_and_ends_cleanly() -> Tested {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("data.db");
    let file = file.to_str().ok_or("a path")?;
    let (child, url) = start(&["--data", file])?;
    let answer = post(&format!("{url}/local/token"), None, r#"{"sub":"ann","email":"ann@example.com","email_verified":true}"#)?;
    let token = answer["access_token"].as_str().ok_or("a token")?.to_owned();
    let org = post(&format!("{url}/v1/orgs"), Some(&token), r#"{"name":"Acme"}"#)?;
    assert_eq!(org["name"], "Acme");
    assert!(interrupt(child)?, "Ctrl-C ends it with success");

    let (child, url) = start(&["--data", file, "--clock", "frozen", "--rate-limits", "off"])?;
    let answer = post(&format!("{url}/local/token"), None, r#"{"sub":"ann"}"#)?;
    let token = answer["access_token"].as_str().ok_or("a token")?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let list: serde_json::Value =
        runtime.block_on(async { reqwest::Client::new().get(format!("{url}/v1/orgs")).bearer_auth(token).send().await?.json().await })?;
    assert_eq!(list["data"][0]["id"], org["id"]);
    assert!(interrupt(child)?);
    Ok(())
}

#[test]
fn no_token_no_secret_and_no_address_is_in_any_log_line() -> Tested {
    let folder = tempfile::tempdir()?;
    let log = folder.path().join("log");
    let mut child = Command::new(env!("CARGO_BIN_EXE_local"))
        .args(["--memory", "--addr", "127.0.0.1:0"])
        .env("RUST_LOG", "debug,hyper=info,h2=info,aws=info,aws_smithy_runtime=info,aws_smithy_runtime_api=info,aws_smithy_http_client=info,aws_sdk_dynamodb=info,aws_sdk_ses=info,dynoxide=info")
        .stdout(Stdio::piped())
        .stderr(std::fs::File::create(&log)?)
        .spawn()?;
    let mut line = String::new();
    BufReader::new(child.stdout.take().ok_or("no output")?).read_line(&mut line)?;
    let url = line.strip_prefix("listening on ").ok_or(line.clone())?.trim().to_owned();
    let token = |who: &str| -> Result<String, Box<dyn Error>> {
        let body = format!(r#"{{"sub":"{who}","email":"{who}@mail.example","email_verified":true}}"#);
        let answer = post(&format!("{url}/local/token"), None, &body)?;
        Ok(answer["access_token"].as_str().ok_or("a token")?.to_owned())
    };
    let (ann, bob) = (token("ann")?, token("bob")?);
    let org = post(&format!("{url}/v1/orgs"), Some(&ann), r#"{"name":"Acme"}"#)?;
    let invitations = format!("{url}/v1/orgs/{}/invitations", org["id"].as_str().ok_or("an id")?);
    post(&invitations, Some(&ann), r#"{"email":"bob@mail.example"}"#)?;
    // Refusals are logged too.
    post(&invitations, Some(&ann), r#"{"email":"bob@mail.example"}"#)?;
    post(&invitations, Some(&ann), r#"{"email":"no address"}"#)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mail = loop {
        let outbox: serde_json::Value = runtime.block_on(async { reqwest::get(format!("{url}/local/outbox")).await?.json().await })?;
        if let Some(mail) = outbox["data"].get(0) {
            break mail.clone();
        }
    };
    let text = mail["text"].as_str().ok_or("a text")?.to_owned();
    let secrets: Vec<&str> =
        text.lines().filter_map(|line| line.split_once('#')).filter_map(|(_, token)| token.trim().rsplit('.').next()).collect();
    assert_eq!(secrets.len(), 2);
    let opened = text.lines().find_map(|line| line.split_once("#inv1.")).ok_or("a link")?.1.trim().to_owned();
    post(&format!("{url}/v1/invitations/preview"), None, &format!(r#"{{"token":"inv1.{opened}"}}"#))?;
    post(&format!("{url}/v1/invitations/accept"), Some(&bob), &format!(r#"{{"token":"inv1.{opened}"}}"#))?;
    post(&format!("{url}/local/feedback"), None, r#"{"to":"bob@mail.example","type":"Complaint"}"#)?;
    assert!(interrupt(child)?);
    let log = std::fs::read_to_string(log)?;
    assert!(log.contains("accept_invitation") && log.contains("record_delivery"), "{log}");
    // What the command itself tells, before the first line of the log, has an example.
    let lines: Vec<&str> = log.lines().filter(|line| line.starts_with('{')).collect();
    for needle in secrets.into_iter().chain([ann.as_str(), bob.as_str(), "@mail.example", "no address"]) {
        assert!(!lines.iter().any(|line| line.contains(needle)), "{needle} is in the log");
    }
    Ok(())
}

#[test]
fn an_address_that_is_taken_is_said() -> Tested {
    let taken = std::net::TcpListener::bind("127.0.0.1:0")?;
    let output = Command::new(env!("CARGO_BIN_EXE_local")).args(["--memory", "--addr", &taken.local_addr()?.to_string()]).output()?;
    assert!(!output.status.success());
    let said = String::from_utf8(output.stderr)?;
    assert!(said.contains("the address") && said.contains(&taken.local_addr()?.to_string()), "{said}");
    Ok(())
}

#[test]
fn beyond_loopback_the_control_routes_are_not_there() -> Tested {
    let mut child = Command::new(env!("CARGO_BIN_EXE_local"))
        .args(["--memory", "--addr", "0.0.0.0:0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let mut line = String::new();
    BufReader::new(child.stdout.take().ok_or("no output")?).read_line(&mut line)?;
    let port = line.trim().rsplit(':').next().ok_or("a port")?.to_owned();
    let answer = post(&format!("http://127.0.0.1:{port}/local/token"), None, r#"{"sub":"ann"}"#)?;
    assert_eq!(answer["message"], "Not Found");
    assert!(interrupt(child)?);
    Ok(())
}

/// What the command says on standard output, and whether it succeeds.
fn run(arguments: &[&str]) -> Result<(String, bool), Box<dyn Error>> {
    let output = Command::new(env!("CARGO_BIN_EXE_local")).args(arguments).stderr(Stdio::null()).output()?;
    Ok((String::from_utf8(output.stdout)?, output.status.success()))
}

#[test]
fn a_simulation_finds_in_the_reports_what_it_sent() -> Tested {
    let (table, is_good) = run(&["simulate", "--orgs", "3", "--events", "400", "--rate", "100000"])?;
    assert!(is_good, "{table}");
    assert!(table.lines().any(|line| line.starts_with("all 3") && line.contains(" 400 ")), "{table}");
    let (child, url) = start(&["--memory"])?;
    let (table, is_good) = run(&["simulate", "--url", &url, "--orgs", "2", "--events", "100", "--seed", "9"])?;
    assert!(is_good && !table.contains("DIFFERS"), "{table}");
    assert!(interrupt(child)?);
    assert!(!run(&["simulate", "--url", "http://127.0.0.1:1", "--events", "1"])?.1, "nobody answers there");
    Ok(())
}
