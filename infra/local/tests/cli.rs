//! The command line: start, stop, stored data, log lines and `simulate`.

use std::error::Error;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

type Tested = Result<(), Box<dyn Error>>;

/// Starts the host without its log, and returns it with its URL.
fn start(arguments: &[&str]) -> Result<(Child, String), Box<dyn Error>> {
    listening(Command::new(env!("CARGO_BIN_EXE_local")).args(arguments), Stdio::null())
}

/// Starts a host on a free port, waits until it listens, and returns it with its URL.
fn listening(
    command: &mut Command,
    log: impl Into<Stdio>,
) -> Result<(Child, String), Box<dyn Error>> {
    let mut child =
        command.args(["--addr", "127.0.0.1:0"]).stdout(Stdio::piped()).stderr(log).spawn()?;
    let mut line = String::new();
    BufReader::new(child.stdout.take().ok_or("no output")?).read_line(&mut line)?;
    let url = line.strip_prefix("listening on ").ok_or(line.clone())?.trim().to_owned();
    Ok((child, url))
}

/// Stops the host as Ctrl-C does. Returns whether it ends with success.
fn interrupt(mut child: Child) -> Result<bool, Box<dyn Error>> {
    Command::new("kill").args(["-INT", &child.id().to_string()]).status()?;
    Ok(child.wait()?.success())
}

/// Sends a POST request and returns the JSON of the response.
fn post(url: &str, token: Option<&str>, body: &str) -> Result<serde_json::Value, Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut request = reqwest::Client::new()
            .post(url)
            .header("content-type", "application/json")
            .body(body.to_owned());
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        Ok(request.send().await?.json().await?)
    })
}

#[test]
fn the_host_keeps_its_data_and_ends_cleanly() -> Tested {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("data.db");
    let file = file.to_str().ok_or("a path")?;
    let (child, url) = start(&["--data", file])?;
    let answer = post(
        &format!("{url}/local/token"),
        None,
        r#"{"sub":"ann","email":"ann@example.com","email_verified":true}"#,
    )?;
    let token = answer["access_token"].as_str().ok_or("a token")?.to_owned();
    let org = post(&format!("{url}/v1/orgs"), Some(&token), r#"{"name":"Acme"}"#)?;
    assert_eq!(org["name"], "Acme");
    assert!(interrupt(child)?, "Ctrl-C ends it with success");

    let (child, url) = start(&["--data", file, "--clock", "frozen", "--rate-limits", "off"])?;
    let answer = post(&format!("{url}/local/token"), None, r#"{"sub":"ann"}"#)?;
    let token = answer["access_token"].as_str().ok_or("a token")?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let list: serde_json::Value = runtime.block_on(async {
        reqwest::Client::new()
            .get(format!("{url}/v1/orgs"))
            .bearer_auth(token)
            .send()
            .await?
            .json()
            .await
    })?;
    assert_eq!(list["data"][0]["id"], org["id"]);
    assert!(interrupt(child)?);
    Ok(())
}

#[test]
fn the_host_can_be_stopped_as_soon_as_it_listens() -> Tested {
    for _ in 0..5 {
        let (child, _) = start(&["--memory"])?;
        assert!(interrupt(child)?);
    }
    Ok(())
}

#[test]
fn a_confirmed_write_survives_a_kill() -> Tested {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("data.db");
    let file = file.to_str().ok_or("a path")?;
    let (mut child, url) = start(&["--data", file])?;
    let answer = post(
        &format!("{url}/local/token"),
        None,
        r#"{"sub":"ann","email":"ann@example.com","email_verified":true}"#,
    )?;
    let token = answer["access_token"].as_str().ok_or("a token")?.to_owned();
    let mut names = Vec::new();
    for n in 0..20 {
        let org =
            post(&format!("{url}/v1/orgs"), Some(&token), &format!(r#"{{"name":"Acme {n}"}}"#))?;
        names.push(org["name"].as_str().ok_or("a name")?.to_owned());
    }
    // SIGKILL: the host cannot close or write anything.
    child.kill()?;
    child.wait()?;

    let (child, url) = start(&["--data", file])?;
    let answer = post(&format!("{url}/local/token"), None, r#"{"sub":"ann"}"#)?;
    let token = answer["access_token"].as_str().ok_or("a token")?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let list: serde_json::Value = runtime.block_on(async {
        reqwest::Client::new()
            .get(format!("{url}/v1/orgs"))
            .bearer_auth(token)
            .send()
            .await?
            .json()
            .await
    })?;
    let mut kept: Vec<&str> = list["data"]
        .as_array()
        .ok_or("a list")?
        .iter()
        .filter_map(|org| org["name"].as_str())
        .collect();
    kept.sort_unstable();
    names.sort_unstable();
    assert_eq!(kept, names);
    assert!(interrupt(child)?);
    Ok(())
}

/// Returns the log lines of a denied request and of requests for opt-out links, whose paths contain
/// a secret.
fn logged(arguments: &[&str]) -> Result<Vec<String>, Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let log = folder.path().join("log");
    let (child, url) = listening(
        Command::new(env!("CARGO_BIN_EXE_local"))
            .arg("--memory")
            .args(arguments)
            .env_remove("RUST_LOG"),
        std::fs::File::create(&log)?,
    )?;
    let answer = post(&format!("{url}/local/token"), None, r#"{"sub":"ann"}"#)?;
    let token = answer["access_token"].as_str().ok_or("a token")?;
    post(&format!("{url}/v1/orgs"), Some(token), r#"{"name":"Acme"}"#)?;
    post(&format!("{url}/v1/mail/opt-out/some-secret?limit=1"), None, "")?;
    // Mail scanners request the links in ways that no route matches.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    for unmatched in [
        "/v1/mail/opt-out/some-secret",
        "/v1/mail/opt-out/some-secret/",
        "/v1/mail/opt%2Dout/some-secret",
    ] {
        let answer = runtime.block_on(async { reqwest::get(format!("{url}{unmatched}")).await })?;
        assert_eq!(answer.status(), 404);
    }
    assert!(interrupt(child)?);
    let text = std::fs::read_to_string(&log)?;
    assert!(!text.contains("some-secret"), "{text}");
    Ok(std::fs::read_to_string(log)?
        .lines()
        .filter(|line| line.contains("/v1/"))
        .map(str::to_owned)
        .collect())
}

#[test]
fn the_log_is_json_without_a_terminal() -> Tested {
    let lines: Vec<serde_json::Value> = logged(&[])?
        .iter()
        .filter(|line| line.starts_with('{'))
        .map(|line| serde_json::from_str(line))
        .collect::<Result<_, _>>()?;
    assert_eq!(lines.len(), 5, "{lines:?}");
    let fields = |at: usize, names: &[&str]| -> Vec<serde_json::Value> {
        names.iter().map(|name| lines[at]["fields"][name].clone()).collect()
    };
    assert_eq!(
        fields(0, &["method", "path", "status", "code"]),
        ["POST".into(), "/v1/orgs".into(), 403.into(), serde_json::json!("email_not_verified")]
    );
    assert_eq!(
        fields(1, &["path", "status"]),
        ["/v1/mail/opt-out/{token}".into(), serde_json::json!(404)]
    );
    assert!(
        lines.iter().all(|line| line["fields"]["ms"].is_f64() && line["timestamp"].is_string())
    );
    Ok(())
}

#[test]
fn the_log_is_text_on_request() -> Tested {
    let lines = logged(&["--log", "text"])?;
    let requests: Vec<Vec<&str>> = lines
        .iter()
        .map(|line| line.split(' ').collect())
        .filter(|line: &Vec<&str>| line.len() == 7)
        .collect();
    let [creation, opt_out, ..] = requests.as_slice() else {
        return Err(format!("{lines:?}").into());
    };
    assert_eq!(creation[1..5], ["POST", "/v1/orgs", "403", "email_not_verified"]);
    assert_eq!(opt_out[1..5], ["POST", "/v1/mail/opt-out/{token}", "404", "opt_out_not_found"]);
    assert!(
        creation[0].ends_with('Z') && creation[5].parse::<f64>().is_ok() && creation[6] == "ms"
    );
    Ok(())
}

#[test]
fn no_log_line_contains_a_token_a_secret_or_an_address() -> Tested {
    let folder = tempfile::tempdir()?;
    let log = folder.path().join("log");
    let levels = "debug,hyper=info,h2=info,aws=info,aws_smithy_runtime=info,aws_smithy_runtime_api=info,aws_smithy_http_client=info,aws_sdk_dynamodb=info,aws_sdk_ses=info,dynoxide=info";
    let (child, url) = listening(
        Command::new(env!("CARGO_BIN_EXE_local")).arg("--memory").env("RUST_LOG", levels),
        std::fs::File::create(&log)?,
    )?;
    let token = |who: &str| -> Result<String, Box<dyn Error>> {
        let body =
            format!(r#"{{"sub":"{who}","email":"{who}@mail.example","email_verified":true}}"#);
        let answer = post(&format!("{url}/local/token"), None, &body)?;
        Ok(answer["access_token"].as_str().ok_or("a token")?.to_owned())
    };
    let (ann, bob) = (token("ann")?, token("bob")?);
    let org = post(&format!("{url}/v1/orgs"), Some(&ann), r#"{"name":"Acme"}"#)?;
    let invitations = format!("{url}/v1/orgs/{}/invitations", org["id"].as_str().ok_or("an id")?);
    post(&invitations, Some(&ann), r#"{"email":"bob@mail.example"}"#)?;
    // Refused requests are logged too.
    post(&invitations, Some(&ann), r#"{"email":"bob@mail.example"}"#)?;
    post(&invitations, Some(&ann), r#"{"email":"no address"}"#)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mail = loop {
        let outbox: serde_json::Value = runtime
            .block_on(async { reqwest::get(format!("{url}/local/outbox")).await?.json().await })?;
        if let Some(mail) = outbox["data"].get(0) {
            break mail.clone();
        }
    };
    let text = mail["text"].as_str().ok_or("a text")?.to_owned();
    let secrets: Vec<&str> = text
        .lines()
        .filter_map(|line| line.split_once('#'))
        .filter_map(|(_, token)| token.trim().rsplit('.').next())
        .collect();
    assert_eq!(secrets.len(), 2);
    let opened = text
        .lines()
        .find_map(|line| line.split_once("#inv1."))
        .ok_or("a link")?
        .1
        .trim()
        .to_owned();
    post(
        &format!("{url}/v1/invitations/preview"),
        None,
        &format!(r#"{{"token":"inv1.{opened}"}}"#),
    )?;
    post(
        &format!("{url}/v1/invitations/accept"),
        Some(&bob),
        &format!(r#"{{"token":"inv1.{opened}"}}"#),
    )?;
    post(
        &format!("{url}/local/feedback"),
        None,
        r#"{"to":"bob@mail.example","type":"Complaint"}"#,
    )?;
    assert!(interrupt(child)?);
    let log = std::fs::read_to_string(log)?;
    assert!(log.contains("accept_invitation") && log.contains("record_mail_feedback"), "{log}");
    // The banner before the first log line contains an example address.
    let lines: Vec<&str> = log.lines().filter(|line| line.starts_with('{')).collect();
    for needle in
        secrets.into_iter().chain([ann.as_str(), bob.as_str(), "@mail.example", "no address"])
    {
        assert!(!lines.iter().any(|line| line.contains(needle)), "{needle} is in the log");
    }
    Ok(())
}

#[test]
fn an_address_in_use_is_reported() -> Tested {
    let taken = std::net::TcpListener::bind("127.0.0.1:0")?;
    let output = Command::new(env!("CARGO_BIN_EXE_local"))
        .args(["--memory", "--addr", &taken.local_addr()?.to_string()])
        .output()?;
    assert!(!output.status.success());
    let error = String::from_utf8(output.stderr)?;
    let expected = format!("error: cannot listen on the address: {}: ", taken.local_addr()?);
    assert!(error.contains(&expected), "{error}");
    Ok(())
}

#[test]
fn beyond_loopback_there_are_no_dev_routes() -> Tested {
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

/// Runs the command. Returns its standard output and whether it succeeds.
fn run(arguments: &[&str]) -> Result<(String, bool), Box<dyn Error>> {
    let output =
        Command::new(env!("CARGO_BIN_EXE_local")).args(arguments).stderr(Stdio::null()).output()?;
    Ok((String::from_utf8(output.stdout)?, output.status.success()))
}

#[test]
fn simulate_finds_the_sent_events_in_the_reports() -> Tested {
    let (table, is_good) =
        run(&["simulate", "--orgs", "3", "--events", "400", "--rate", "100000"])?;
    assert!(is_good, "{table}");
    assert!(
        table.lines().any(|line| line.starts_with("all 3") && line.contains(" 400 ")),
        "{table}"
    );
    let (child, url) = start(&["--memory"])?;
    let (table, is_good) =
        run(&["simulate", "--url", &url, "--orgs", "2", "--events", "100", "--seed", "9"])?;
    assert!(is_good && !table.contains("DIFFERS"), "{table}");
    assert!(interrupt(child)?);
    assert!(
        !run(&["simulate", "--url", "http://127.0.0.1:1", "--events", "1"])?.1,
        "no host listens there"
    );
    Ok(())
}
