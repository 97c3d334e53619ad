"""Runs against the local host."""

from __future__ import annotations

import asyncio
import os
import re
from datetime import datetime, timedelta, timezone
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from conftest import URL, needs_host, person, token

from organizations import AsyncClient, Client, Operation, ProblemError, UsageRecorder, types

pytestmark = needs_host

#: A budget of 10 credits.
ENFORCED = {"monthly_credits": "10", "enforce": True}


def test_an_organization_and_its_members() -> None:
    ann, ann_token = person("ann")
    with (
        Client(URL, lambda: ann_token) as client,
        Client(URL, lambda: token(sub="operator", scope="orgs:operate")) as operator,
    ):
        org = client.create_org("Acme", description="Makers")
        assert client.get_org(org["id"])["description"] == "Makers"
        assert [listed["id"] for listed in client.list_orgs()] == [org["id"]]
        bob, _ = person("bob")
        operator.add_member(org["id"], bob, email=f"{bob}@example.com", role="viewer")
        member = client.change_role(org["id"], bob, "administrator", version=1)
        assert (member["role"], member["version"]) == ("administrator", 2)
        with pytest.raises(ProblemError, match="version_mismatch"):
            client.change_role(org["id"], bob, "viewer", version=1)
        assert {m["user_id"] for m in client.list_members(org["id"], page_size=1)} == {ann, bob}
        client.remove_member(org["id"], bob)
        with pytest.raises(ProblemError, match="member_not_found"):
            client.get_member(org["id"], bob)


def test_a_check_explains_a_denial_and_an_outsider_gets_404() -> None:
    _, ann_token = person("ann")
    _, eve_token = person("eve")

    async def play() -> None:
        async with (
            AsyncClient(URL, lambda: ann_token) as ann,
            AsyncClient(URL, lambda: eve_token) as eve,
        ):
            org = await ann.create_org("Acme")
            [result] = await ann.check_access(
                org["id"], [{"action": "use_resource", "resource_id": f"res_{'0' * 32}"}]
            )
            assert (result["decision"], result["code"]) == ("deny", "resource_not_found")
            with pytest.raises(ProblemError, match="org_not_found"):
                await eve.get_org(org["id"])

    asyncio.run(play())


class LosesFirstResponse(httpx.BaseTransport):
    def __init__(self) -> None:
        self.lost = 0
        self._inner = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = self._inner.handle_request(request)
        self.lost += 1
        if self.lost == 1:
            raise httpx.ReadError("the response was lost")
        return response


def test_a_hold_is_captured_and_released_on_every_way_out() -> None:
    _, ann_token = person("ann")
    with (
        Client(URL, lambda: ann_token) as ann,
        Client(URL, lambda: token(sub="runner", scope="usage:write")) as runner,
    ):
        org_id = ann.create_org("Acme")["id"]
        ann.run(Operation("PUT", f"/v1/orgs/{org_id}/budget", body=ENFORCED))
        with runner.hold(org_id, "run-1", "6", expires_in=60, kind="chat") as hold:
            assert hold["limits"][0]["left"] == "4"
            longer = runner.update_hold(org_id, "run-1", credits="7", expires_in=90)
            assert longer["credits"] == "7"
            with pytest.raises(ProblemError, match="budget_held"):
                runner.create_hold(org_id, "run-2", "4", expires_in=60)
            event: types.UsageEvent = {
                "id": "run-1-1",
                "timestamp": datetime.now(timezone.utc).isoformat(),
                "kind": "chat",
                "credits": "2",
                "hold_id": "run-1",
            }
            runner.record_usage(org_id, [event])
            assert [open["id"] for open in ann.list_holds(org_id)] == ["run-1"]
        released = runner.get_hold(org_id, "run-1")
        assert (released["status"], released["captured"]) == ("released", "2")
        with pytest.raises(KeyError), runner.hold(org_id, "run-3", "8", expires_in=60):
            raise KeyError
        assert runner.get_hold(org_id, "run-3")["status"] == "released"

    async def play() -> None:
        async with AsyncClient(URL, lambda: token(sub="runner", scope="usage:write")) as client:
            async with client.hold(org_id, "run-4", "8", expires_in=60):
                assert [open["id"] async for open in client.list_holds(org_id)] == ["run-4"]
            assert (await client.get_hold(org_id, "run-4"))["status"] == "released"

    asyncio.run(play())


def test_each_recorded_event_counts_once(tmp_path: Path) -> None:
    _, ann_token = person("ann")
    ann = Client(URL, lambda: ann_token)
    org_id = ann.create_org("Acme")["id"]
    service = token(sub="meter", scope="usage:write usage:void")
    transport = LosesFirstResponse()
    client = Client(URL, lambda: service, transport=transport)
    usage = UsageRecorder(
        client,
        on_rejected=lambda rejected: pytest.fail(rejected.reason),
        path=tmp_path / "usage.sqlite",
    )
    ids = [usage.record(org_id, "chat.completion", "0.25") for _ in range(20)]
    usage.close()
    assert transport.lost > 1
    hour = timedelta(hours=1)
    now = datetime.now(timezone.utc)
    query = {"from": (now - hour).isoformat(), "to": now.isoformat()}
    report: Operation[Any] = Operation("GET", f"/v1/orgs/{org_id}/usage", query)
    assert ann.run(report)["total"] == {"credits": "5", "events": 20}
    voided = client.void_usage(org_id, ids[:1], reason="a test run")
    assert voided["results"][0]["status"] == "voided"
    audit: Operation[Any] = Operation("GET", f"/v1/orgs/{org_id}/audit", {"action": "void_usage"})
    assert ann.run(audit)["data"][0]["after"]["reason"] == "a test run"


def test_a_billing_system_reads_usage() -> None:
    _, ann_token = person("ann")
    ann = Client(URL, lambda: ann_token)
    org_id = ann.create_org("Acme")["id"]
    meter = Client(URL, lambda: token(sub="meter", scope="usage:write"))
    now = datetime.now(timezone.utc)
    event: types.UsageEvent = {
        "id": "1",
        "timestamp": now.isoformat(),
        "kind": "chat",
        "credits": "2.5",
    }
    meter.record_usage(org_id, [event])
    biller = Client(URL, lambda: token(sub="biller", scope="billing:read"))
    day = timedelta(days=1)
    of_org = biller.query_usage(org_id, start=now - day, end=now + day, group_by="kind")
    assert [(row["group"], row["credits"]) for row in of_org["data"]] == [("chat", "2.5")]
    of_kind = biller.query_usage(org_id, start=now - day, end=now + day, kind="image", limit=5)
    assert of_kind["total"] == {"credits": "0", "events": 0}
    account_id = ann.get_me()["account_id"]

    async def report() -> types.AccountUsageReport:
        async with AsyncClient(URL, lambda: token(sub="biller", scope="billing:read")) as client:
            return await client.query_billed_usage(
                account_id, start=now - day, end=now + day, window="day", group_by="org"
            )

    billed = asyncio.run(report())
    assert [(row["group"], row["credits"]) for row in billed["data"]] == [(org_id, "2.5")]

    month = f"{now:%Y-%m}"
    assert account_id in [one["account_id"] for one in biller.list_billed_accounts(month)]
    statement = biller.get_statement(account_id, month)
    assert statement["total"] == {"credits": "2.5", "events": 1}
    assert not statement["final"]
    own = biller.get_org_statement(org_id, month)
    assert own["total"] == {"credits": "0", "events": 0}

    async def again() -> tuple[types.Statement, list[types.BilledAccount]]:
        async with AsyncClient(URL, lambda: token(sub="biller", scope="billing:read")) as client:
            accounts = [one async for one in client.list_billed_accounts(month, page_size=1)]
            return await client.get_statement(account_id, month), accounts

    same, accounts = asyncio.run(again())
    assert same == statement
    assert account_id in [one["account_id"] for one in accounts]
    with pytest.raises(ValueError, match="time zone"):
        biller.query_billed_usage(account_id, start=datetime(2026, 11, 1))
    with pytest.raises(ValueError, match="is no id"):
        biller.query_billed_usage("..")


def test_the_examples_of_the_readme_run_in_their_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    readme = (Path(__file__).parent.parent / "README.md").read_text()
    examples = re.findall(r"^```python\n(.*?)^```", readme, re.MULTILINE | re.DOTALL)
    assert len(examples) >= 5
    user_id, ann_token = person("ann")
    ann = Client(URL, lambda: ann_token)
    org_id = ann.create_org("Acme")["id"]
    agent: Operation[Any] = Operation(
        "POST", f"/v1/orgs/{org_id}/resources", body={"kind": "agent", "name": "Support"}
    )
    names = {
        "org_id": org_id,
        "agent_id": ann.run(agent)["id"],
        "user_id": user_id,
        "client_of_ann": ann,
        "account_id": ann.get_me()["account_id"],
        "biller": Client(URL, lambda: token(sub="biller", scope="billing:read")),
        "tokens": SimpleNamespace(
            service=lambda: token(sub="meter", scope="usage:write access:check"),
            person=lambda: ann_token,
        ),
    }
    monkeypatch.chdir(tmp_path)
    exec("\n".join(examples).replace("https://orgs.example.com", URL), names)
    assert "owner" in capsys.readouterr().out
    assert os.listdir(tmp_path) == ["usage.sqlite"]
