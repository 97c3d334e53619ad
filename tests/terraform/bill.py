#!/usr/bin/env python3
"""Computes the bill of a stack, prints it, and fails if the documents state other figures.

    terraform show -json > state.json
    tests/terraform/bill.py state.json

The stack has the module's defaults, and is applied: a plan does not know all values yet. The
script takes the resources, the alarms' metrics, the access log's format, the metrics' namespace
and the functions' memory from the state, the capacity units per call from tests/costs.txt, and the
function's log line from the Rust source. Prices and sample values are tables in this file.
"""
import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
REGIONS = {"us-east-1": "Virginia", "eu-west-1": "Ireland", "eu-central-1": "Frankfurt"}

# List prices in dollars, without free tiers, in the order of REGIONS, and where each comes from.
# The test cannot reach AWS. A date is the publication date of AWS's price list file
# (https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/<service>/current/<region>/index.json)
# as public records of it state it. Such a record was checked on 2026-11-30.
# "assumed" marks prices that no such record confirms, as of 2025: look them up.
PRICES = {
    "read unit": (0.125e-6, 0.1415e-6, 0.1525e-6, "AmazonDynamoDB 2026-08-15"),
    "write unit": (0.625e-6, 0.705e-6, 0.7625e-6, "AmazonDynamoDB 2026-08-15"),
    "GB stored for a month": (0.25, 0.283, 0.306, "AmazonDynamoDB 2026-08-15"),
    "GB of recovery for a month": (0.20, 0.22, 0.2448, "AmazonDynamoDB 2026-08-15"),
    "request to an HTTP API": (1.00e-6, 1.11e-6, 1.20e-6, "assumed"),
    "request to Lambda": (0.20e-6, 0.20e-6, 0.20e-6, "assumed"),
    "GB-second of Lambda on arm64": (0.0000133334, 0.0000133334, 0.0000133334, "assumed"),
    "GiB of logs": (0.50, 0.57, 0.63, "AmazonCloudWatch 2026-08-06"),
    "metric of an alarm for a month": (0.10, 0.10, 0.10, "AmazonCloudWatch 2026-08-06"),
    "event on a bus": (1.00e-6, 1.00e-6, 1.00e-6, "AWSEvents 2026-05-29"),
    "request to SQS": (0.40e-6, 0.40e-6, 0.40e-6, "AWSQueueService 2025-08-28"),
    "mail": (0.0001, 0.0001, 0.0001, "assumed"),
}
GB_STORED_FREE = 25
SQS_REQUESTS_FREE = 1_000_000
DAYS = 30

# Resource types that cost nothing while the stack is idle. Alarms are counted. A type that is
# missing here fails the test, so that a new resource cannot change the idle bill unnoticed.
FREE_WHILE_IDLE = {
    "aws_apigatewayv2_api", "aws_apigatewayv2_authorizer", "aws_apigatewayv2_integration",
    "aws_apigatewayv2_route", "aws_apigatewayv2_stage", "aws_cloudwatch_event_bus",
    "aws_cloudwatch_event_rule", "aws_cloudwatch_event_target", "aws_cloudwatch_log_group",
    "aws_dynamodb_table", "aws_iam_role", "aws_iam_role_policy", "aws_lambda_alias",
    "aws_lambda_event_source_mapping", "aws_lambda_function",
    "aws_lambda_function_event_invoke_config", "aws_lambda_permission", "aws_s3_bucket",
    "aws_s3_bucket_lifecycle_configuration", "aws_s3_bucket_notification",
    "aws_s3_bucket_public_access_block", "aws_s3_bucket_server_side_encryption_configuration",
    "aws_s3_object", "aws_sesv2_configuration_set",
    "aws_sesv2_configuration_set_event_destination", "aws_sns_topic", "aws_sns_topic_policy",
    "aws_sns_topic_subscription", "aws_sqs_queue", "aws_sqs_queue_policy",
}

# The use of one organization with ten members in a month: calls of the API by function.
CALLS = {"get_org": 300, "update_org": 20, "invite_member": 2, "record_usage": 100}
# Background invocations: one for each change or invitation, and one for each mail.
BACKGROUND = {"publish_events": 22, "send_mail": 2}
# 20 changes, 2 invitations, and 2 requests for a mail.
EVENTS = 24
MAILS = 2
SQS_REQUESTS_PER_MAIL = 3  # send, receive and delete
KB_STORED = 290  # after a year, nearly all of it audit records
# Once a day `reconcile_counts` scans the table (half a read unit per 4 KB), and reads the organization
# twice and its members once.
RECONCILE_READ_UNITS = DAYS * (KB_STORED / 4 / 2 + 3)
# Lambda reads an idle queue with five long polls of 20 seconds at a time.
IDLE_POLLS = DAYS * 86400 // 20 * 5

# Typical values of the access log's variables (the route is the one of median length), typical
# values of the fields of the function's log line, and Lambda's own lines.
UUID = "8f507cfc-xmpl-4697-b07a-ac58fc914c95"
SAMPLES = {
    "authorizer.error": "-",
    "error.responseType": "-",
    "integrationErrorMessage": "-",
    "integrationLatency": "17",
    "requestId": "JKJaXmPLvHcESHA=",
    "responseLatency": "21",
    "responseLength": "412",
    "status": "200",
}
FIELDS = {"function": "change_role", "request_id": SAMPLES["requestId"],
          "org_id": f"org_{UUID[4:]}", "status": 200, "code": "ok"}
LAMBDA_LINES = (
    f"START RequestId: {UUID} Version: 42\n",
    f"END RequestId: {UUID}\n",
    f"REPORT RequestId: {UUID}\tDuration: 12.34 ms\tBilled Duration: 13 ms\t"
    "Memory Size: 256 MB\tMax Memory Used: 32 MB\t\n",
)


class BillError(Exception):
    """The documents state a figure that does not follow, or the script cannot compute one."""


def resources(module):
    """The managed resources, each with `type` and `values`."""
    yield from (one for one in module.get("resources", []) if one["mode"] == "managed")
    for child in module.get("child_modules", []):
        yield from resources(child)


def of_type(stack, kind):
    return [one["values"] for one in stack if one["type"] == kind]


def idle_metrics(stack):
    """The number of metrics of each alarm. Everything else costs nothing while idle."""
    unknown = {one["type"] for one in stack} - FREE_WHILE_IDLE - {"aws_cloudwatch_metric_alarm"}
    if unknown:
        raise BillError(f"state in bill.py what an idle one costs: {', '.join(sorted(unknown))}")
    return [sum(1 for query in alarm["metric_query"] if query["metric"]) or 1
            for alarm in of_type(stack, "aws_cloudwatch_metric_alarm")]


def function_line():
    """The line that a function logs for each request, from the macros that write it."""
    for path in sorted(ROOT.glob("shared/*/src/**/*.rs")):
        source = path.read_text()
        span = re.search(r'info_span!\(\s*"request",([^;]*?)\);', source)
        line = span and re.search(r'info!\(\s*(status =[^;]*),\s*"([^"]+)"\s*\);', source)
        if not line:
            continue
        crate = next(one for one in path.parents if (one / "Cargo.toml").exists())
        name = re.search(r'^name = "([^"]+)"', (crate / "Cargo.toml").read_text(), re.M).group(1)
        module = "::".join(path.relative_to(crate / "src").with_suffix("").parts)

        def values(arguments):
            found = re.findall(r"(?:^|,)\s*(?:(\w+) =|[%?](\w+))", arguments)
            names = [name or shorthand for name, shorthand in found]
            missing = [one for one in names if one not in FIELDS]
            if missing:
                raise BillError(f"add a sample value of {', '.join(missing)} to FIELDS in bill.py")
            return {one: FIELDS[one] for one in names}

        return {"level": "INFO", "fields": {"message": line.group(2)} | values(line.group(1)),
                "target": f"{name.replace('-', '_')}::{module}",
                "span": values(span.group(1)) | {"name": "request"}}
    raise BillError("no file of shared/ logs the request: adapt function_line in bill.py")


def log_bytes(stack):
    """The bytes of log per call of each kind of line."""
    [stage] = of_type(stack, "aws_apigatewayv2_stage")
    routes = sorted((one["route_key"] for one in of_type(stack, "aws_apigatewayv2_route")), key=len)
    samples = SAMPLES | {"routeKey": routes[len(routes) // 2]}
    access = stage["access_log_settings"][0]["format"]
    missing = set(re.findall(r"\$context\.([A-Za-z.]+)", access)) - set(samples)
    if missing:
        raise BillError(f"add sample values to SAMPLES in bill.py: {', '.join(sorted(missing))}")
    access = re.sub(r"\$context\.([A-Za-z.]+)", lambda found: samples[found.group(1)], access)
    functions = of_type(stack, "aws_lambda_function")
    [function] = [one for one in functions if one["handler"] == "get_org"]
    namespace = function["environment"][0]["variables"]["METRICS_NAMESPACE"]
    directive = {"Namespace": namespace, "Dimensions": [[]],
                 "Metrics": [{"Name": "Requests", "Unit": "Count"}]}
    metrics = {"Requests": 1,
               "_aws": {"Timestamp": 1764000000000, "CloudWatchMetrics": [directive]}}
    size = lambda value: len(json.dumps(value, separators=(",", ":"))) + 1
    return {"START, END and REPORT": sum(map(len, LAMBDA_LINES)), "log line": size(function_line()),
            "metrics": size(metrics), "access log": len(access)}


def units():
    """Round trips, read units and write units per call of each function."""
    rows = (line.split() for line in (ROOT / "tests/costs.txt").read_text().splitlines()
            if line and not line.startswith(("#", "function")))
    return {row[0]: [float(cell) for cell in row[2:5]] for row in rows if "-" not in row}


def call_price(price, function, memory_gb, is_api):
    """The price of one call, as tests/costs.rs computes it."""
    round_trips, reads, writes = units()[function]
    seconds = 0.002 + 0.005 * round_trips
    return (reads * price["read unit"] + writes * price["write unit"] + price["request to Lambda"]
            + seconds * memory_gb * price["GB-second of Lambda on arm64"]
            + (price["request to an HTTP API"] if is_api else 0))


def use(price, orgs, memory_gb, bytes_per_call, metrics):
    """The bill of a month with that many organizations, by kind."""
    calls = sum(n * call_price(price, name, memory_gb, True) for name, n in CALLS.items())
    calls += BACKGROUND["publish_events"] * call_price(price, "publish_events", memory_gb, False)
    calls += RECONCILE_READ_UNITS * price["read unit"]
    mails = MAILS * (price["mail"] + call_price(price, "send_mail", memory_gb, False))
    queue = max(0, IDLE_POLLS + orgs * MAILS * SQS_REQUESTS_PER_MAIL - SQS_REQUESTS_FREE)
    stored = orgs * KB_STORED / 1e6
    return {
        "calls": orgs * calls,
        "mails": orgs * mails + queue * price["request to SQS"],
        "events": orgs * EVENTS * price["event on a bus"],
        "logs": orgs * sum(CALLS.values()) * bytes_per_call / 2**30 * price["GiB of logs"],
        "storage": max(0, stored - GB_STORED_FREE) * price["GB stored for a month"]
        + stored * price["GB of recovery for a month"],
        "alarms": metrics * price["metric of an alarm for a month"],
    }


def dollars(amount):
    return f"{amount:,.0f} $" if amount >= 10 else f"{amount:.2f} $"


def documents():
    """The texts of README.md and docs/, the page about operation first, with `1 $` for `$1`."""
    operate = ROOT / "docs/guides/operate.md"
    others = [ROOT / "README.md", *sorted(ROOT.glob("docs/**/*.md"))]
    paths = [operate, *(path for path in others if path != operate)]
    return {path: re.sub(r"\$([\d,]+(?:\.\d+)?)", r"\1 $", path.read_text()) for path in paths}


def paragraph(texts, *patterns):
    """The first paragraph that matches every pattern."""
    for path, text in texts.items():
        for part in re.split(r"\n\s*\n", text):
            if all(re.search(pattern, part) for pattern in patterns):
                return path.relative_to(ROOT), part
    raise BillError(f"no paragraph of the documents has all of {', '.join(patterns)}")


def numbers(text):
    return [float(one.replace(",", "")) for one in re.findall(r"\d[\d,]*(?:\.\d+)?", text)]


def expect(place, value, within, tolerance, what):
    if not any(abs(one - value) <= tolerance * value for one in within):
        raise BillError(f"{place} does not state {what}: {value:,.2f}, within {tolerance:.0%}")


def check(stack):
    metrics = idle_metrics(stack)
    parts = log_bytes(stack)
    per_call = round(sum(parts.values()), -2)
    prices = {region: {name: row[at] for name, row in PRICES.items()}
              for at, region in enumerate(REGIONS)}
    home = prices["us-east-1"]
    memory_gb = max(one["memory_size"] for one in of_type(stack, "aws_lambda_function")) / 1024
    bill = lambda price, orgs: use(price, orgs, memory_gb, per_call, sum(metrics))
    idle = sum(bill(home, 0).values())
    rows = []
    for orgs in (1, 1_000, 1_000_000):
        month = bill(home, orgs)
        cells = [month[kind] for kind in ("calls", "mails", "events", "logs", "storage")]
        amounts = " | ".join(map(dollars, [*cells, sum(month.values())]))
        rows.append(f"| {orgs:,} | {amounts} |")
    totals = {region: sum(bill(price, 1_000_000).values()) for region, price in prices.items()}
    factors = {region: total / totals["us-east-1"] for region, total in totals.items()}
    reconcile = 1_000_000 * RECONCILE_READ_UNITS * home["read unit"]
    per_million = 1e6 * per_call / 2**30 * home["GiB of logs"]

    print(f"idle: {len(metrics)} alarms with {sum(metrics)} metrics, {dollars(idle)} a month")
    print(f"bytes of log per call: about {per_call}, {dollars(per_million)} per million calls:",
          ", ".join(f"{name} {size}" for name, size in parts.items()))
    print("organizations, calls, mails, events, logs, storage and recovery, in all:")
    print(*rows, sep="\n")
    print(f"of it `reconcile_counts` at a million: {dollars(reconcile)}")
    for region, factor in factors.items():
        print(f"{region} ({REGIONS[region]}): {dollars(totals[region])} at a million, "
              f"{100 * (factor - 1):.0f} percent more than us-east-1")
    assumed = [name for name, row in PRICES.items() if row[-1] == "assumed"]
    print("assumed prices:", ", ".join(assumed))

    texts = documents()
    operate = next(iter(texts))
    failures = []

    def attempt(test, *arguments):
        try:
            test(*arguments)
        except BillError as error:
            failures.append(str(error))

    def states(path, text):
        if text not in texts[path]:
            raise BillError(f"{path.relative_to(ROOT)} does not state `{text}`")

    def about(value, tolerance, what, *patterns):
        place, part = paragraph(texts, *patterns)
        expect(place, value, numbers(part), tolerance, what)

    def region():
        stated = r"(\d+)(?: ?(?:to|and|–|-) ?(\d+))? ?(?:percent|%)"
        place, part = paragraph(texts, "Frankfurt", stated)
        stated = re.search(stated, part)
        low, high = float(stated.group(1)), float(stated.group(2) or stated.group(1))
        percent = 100 * (factors["eu-central-1"] - 1)
        if not low <= round(percent) <= high:
            raise BillError(f"{place} states {stated.group(0)} for Frankfurt: it is {percent:.1f}")

    for path in (ROOT / "README.md", operate):
        attempt(states, path, f"{idle:.2f} $")
    attempt(paragraph, {operate: texts[operate]}, rf"\b{len(metrics)}\b.*\b{sum(metrics)} metrics")
    for row in rows:
        attempt(states, operate, row)
    polls = IDLE_POLLS * home["request to SQS"]
    attempt(about, polls, 0.02, "the price of idle polls", r"SQS.*free")
    attempt(about, reconcile, 0.05, "the price of `reconcile_counts`", "`reconcile_counts`", r"\d \$")
    attempt(region)
    log = (r"\bSTART\b", r"\bREPORT\b", "bytes")
    attempt(about, per_call, 0.02, "the bytes of log per call", *log)
    attempt(about, per_million, 0.03, "the price of a million calls' logs", *log)
    for name, size in parts.items():
        attempt(about, size, 0.05, f"the bytes per call of: {name}", *log)
    for name in CALLS:
        cents = f"{1e6 * call_price(home, name, memory_gb, True):.2f} $"
        attempt(paragraph, texts, rf"\| `{name}` \|[^\n]*\| {re.escape(cents)} \|")
    return failures


def main():
    shown = json.loads(pathlib.Path(sys.argv[1]).read_text())
    stack = list(resources(shown["values"]["root_module"]))
    try:
        failures = check(stack)
    except BillError as error:
        failures = [str(error)]
    for failure in failures:
        print(f"FAILED: {failure}", file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
