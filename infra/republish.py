#!/usr/bin/env python3
"""Publishes changes again: reads the audit records of a time span, and puts each on the event bus as the stack itself does.

    infra/republish.py --table organizations-core --bus organizations --from 2026-11-24T12:00:00Z --to 2026-11-24T13:00:00Z

For consumers that lost events. With --org it reads one organization's records, otherwise the whole table. The events have the ids
that they had, so a consumer that keeps ids handles none twice. Needs boto3, and the rights dynamodb:Scan or dynamodb:Query on the
table, and events:PutEvents on the bus. Mails are not sent again.
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
        raise argparse.ArgumentTypeError("a time has a zone, such as 2026-11-24T12:00:00Z")
    return moment


def number(value):
    if isinstance(value, decimal.Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(type(value))


def records(table, org):
    """The audit records of an organization, or of all."""
    if org:
        read, arguments = table.query, {"KeyConditionExpression": Key("PK").eq(f"ORG#{org}#AUD")}
    else:
        read, arguments = table.scan, {"FilterExpression": Attr("PK").begins_with("ORG#") & Attr("action").exists() & Attr("request_id").exists()}
    while True:
        answer = read(**arguments)
        yield from answer["Items"]
        if "LastEvaluatedKey" not in answer:
            return
        arguments["ExclusiveStartKey"] = answer["LastEvaluatedKey"]


def entry(record, bus):
    return {
        "Source": "organizations",
        "DetailType": record["action"],
        "Detail": json.dumps({field: record.get(field) for field in FIELDS}, default=number, ensure_ascii=False),
        "EventBusName": bus,
        "Resources": [record["org_id"]],
        "Time": moment(record["at"]),
    }


def calls(entries):
    call, size = [], 0
    for one in entries:
        bytes_ = sum(len(one[name].encode()) for name in ("Source", "DetailType", "Detail")) + len(one["Resources"][0]) + 14
        if call and (len(call) == CALL_ENTRIES_MAX or size + bytes_ > CALL_BYTES_MAX):
            yield call
            call, size = [], 0
        call.append(one)
        size += bytes_
    if call:
        yield call


def put(events, call):
    """Returns what EventBridge did not take."""
    for _ in range(TRIES):
        outcomes = events.put_events(Entries=call)["Entries"]
        call = [one for one, outcome in zip(call, outcomes) if "EventId" not in outcome]
        if not call:
            break
    return call


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--table", required=True, help="the table `core`: the output `tables`")
    parser.add_argument("--bus", required=True, help="the bus: the output `event_bus`")
    parser.add_argument("--from", dest="begin", type=moment, required=True, help="the first moment, such as 2026-11-24T12:00:00Z")
    parser.add_argument("--to", dest="end", type=moment, required=True, help="the moment behind the last one")
    parser.add_argument("--org", help="one organization alone")
    parser.add_argument("--dry-run", action="store_true", help="say how many there are, and publish none")
    asked = parser.parse_args()
    found = [record for record in records(boto3.resource("dynamodb").Table(asked.table), asked.org) if asked.begin <= moment(record["at"]) < asked.end]
    found.sort(key=lambda record: record["id"])
    if asked.dry_run:
        print(f"{len(found)} changes would be published")
        return 0
    events = boto3.client("events")
    refused = [one for call in calls(entry(record, asked.bus) for record in found) for one in put(events, call)]
    print(f"{len(found) - len(refused)} changes published")
    for one in refused:
        print(f"not published: {json.loads(one['Detail'])['id']}", file=sys.stderr)
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
