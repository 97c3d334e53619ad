#!/usr/bin/env python3
r"""Publishes changes again: sends the audit records of a time range to the event bus.

    infra/republish.py --table organizations-core --bus organizations \
        --from 2026-11-24T12:00:00Z --to 2026-11-24T13:00:00Z

Use it for consumers that lost events. The events have the same format as those of the stack. With
--org the script reads the records of one organization, otherwise the whole table. The events keep
their ids, so a consumer that stores ids handles no event twice. The script sends no mails again. It
needs boto3, the permission dynamodb:Query (with --org) or dynamodb:Scan on the table, and
events:PutEvents on the bus.
"""
import argparse
import datetime
import decimal
import json
import sys

import boto3
from boto3.dynamodb.conditions import Attr, Key

FIELDS = ("id", "org_id", "at", "actor", "action", "target", "before", "after", "request_id")
CALL_ENTRIES_MAX = 10
CALL_BYTES_MAX = 256 * 1024
TRIES = 3


def moment(text):
    moment = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    if moment.tzinfo is None:
        raise argparse.ArgumentTypeError("the time needs a zone, such as 2026-11-24T12:00:00Z")
    return moment


def number(value):
    if isinstance(value, decimal.Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(type(value))


def records(table, org):
    """Yields the audit records of one organization, or of all organizations."""
    if org:
        read, arguments = table.query, {"KeyConditionExpression": Key("PK").eq(f"ORG#{org}#AUD")}
    else:
        audit_records = (
            Attr("PK").begins_with("ORG#") & Attr("action").exists() & Attr("request_id").exists()
        )
        read, arguments = table.scan, {"FilterExpression": audit_records}
    while True:
        answer = read(**arguments)
        yield from answer["Items"]
        if "LastEvaluatedKey" not in answer:
            return
        arguments["ExclusiveStartKey"] = answer["LastEvaluatedKey"]


def entry(record, bus):
    detail = {field: record.get(field) for field in FIELDS}
    return {
        "Source": "organizations",
        "DetailType": record["action"],
        "Detail": json.dumps(detail, default=number, ensure_ascii=False),
        "EventBusName": bus,
        "Resources": [record["org_id"]],
        "Time": moment(record["at"]),
    }


def calls(entries):
    call, size = [], 0
    for one in entries:
        texts = (one["Source"], one["DetailType"], one["Detail"], one["Resources"][0])
        bytes_ = sum(len(text.encode()) for text in texts) + 14  # and the time
        if call and (len(call) == CALL_ENTRIES_MAX or size + bytes_ > CALL_BYTES_MAX):
            yield call
            call, size = [], 0
        call.append(one)
        size += bytes_
    if call:
        yield call


def put(events, call):
    """Sends a batch, and returns the entries that EventBridge did not accept."""
    for _ in range(TRIES):
        outcomes = events.put_events(Entries=call)["Entries"]
        call = [one for one, outcome in zip(call, outcomes) if "EventId" not in outcome]
        if not call:
            break
    return call


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--table", required=True, help="the name of the table `core`, from the output `tables`")
    parser.add_argument("--bus", required=True, help="the name of the bus, from the output `event_bus`")
    parser.add_argument("--from", dest="begin", type=moment, required=True,
                        help="the start of the time range, such as 2026-11-24T12:00:00Z")
    parser.add_argument("--to", dest="end", type=moment, required=True,
                        help="the end of the time range, exclusive")
    parser.add_argument("--org", help="the id of one organization")
    parser.add_argument("--dry-run", action="store_true", help="print the number of changes only")
    asked = parser.parse_args()
    table = boto3.resource("dynamodb").Table(asked.table)
    found = [record for record in records(table, asked.org)
             if asked.begin <= moment(record["at"]) < asked.end]
    found.sort(key=lambda record: record["id"])
    if asked.dry_run:
        print(f"{len(found)} changes would be published")
        return 0
    events = boto3.client("events")
    entries = (entry(record, asked.bus) for record in found)
    refused = [one for call in calls(entries) for one in put(events, call)]
    print(f"{len(found) - len(refused)} changes published")
    for one in refused:
        print(f"not published: {json.loads(one['Detail'])['id']}", file=sys.stderr)
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
