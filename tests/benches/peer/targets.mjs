// The requests of each target for the same six actions.
import { randomUUID } from "node:crypto";
import { Pool } from "undici";

/** A client of one server. Each call has to succeed: a benchmark of errors says nothing. */
class Client {
  constructor(url, connections) {
    this.pool = new Pool(url, { connections, pipelining: 1 });
  }

  async call(method, path, token, body, headers = {}) {
    const { statusCode, body: answer, headers: answered } = await this.pool.request({
      method,
      path,
      headers: {
        ...(token && { authorization: `Bearer ${token}` }),
        ...(body && { "content-type": "application/json" }),
        ...headers,
      },
      body: body && JSON.stringify(body),
    });
    const text = await answer.text();
    if (statusCode >= 300) throw new Error(`${method} ${path}: ${statusCode} ${text}`);
    return { json: text ? JSON.parse(text) : null, headers: answered };
  }

  close() {
    return this.pool.close();
  }
}

const BETTER_AUTH = "/api/auth";

export class BetterAuth extends Client {
  async person(name) {
    const email = `${name}@example.com`;
    const body = { name, email, password: "correct horse battery staple" };
    const { json } = await this.call("POST", `${BETTER_AUTH}/sign-up/email`, null, body);
    return { email, token: json.token };
  }

  async post(path, token, body) {
    return (await this.call("POST", `${BETTER_AUTH}/organization/${path}`, token, body)).json;
  }

  async create(owner, name) {
    return (await this.post("create", owner.token, { name, slug: name })).id;
  }

  async invite(owner, org, email) {
    return (await this.post("invite-member", owner.token, { organizationId: org, email, role: "member" })).id;
  }

  async accept(person, org, invitation) {
    return (await this.post("accept-invitation", person.token, { invitationId: invitation })).member.id;
  }

  changeRole(owner, org, member) {
    return this.post("update-member-role", owner.token, { organizationId: org, memberId: member, role: "admin" });
  }

  membersPath(org) {
    return `${BETTER_AUTH}/organization/list-members?organizationId=${org}`;
  }

  async members(owner, org) {
    return (await this.call("GET", this.membersPath(org), owner.token)).json.members;
  }

  remove(owner, org, member) {
    return this.post("remove-member", owner.token, { organizationId: org, memberIdOrEmail: member });
  }
}

export class Organizations extends Client {
  async person(name) {
    const email = `${name}@example.com`;
    const body = { sub: name, email, email_verified: true, name, ttl_seconds: 86_400 };
    const { json } = await this.call("POST", "/local/token", null, body);
    return { email, token: json.access_token, id: name };
  }

  /** Every change has an Idempotency-Key, as a careful caller sends it. */
  async change(method, path, token, body) {
    return (await this.call(method, path, token, body, { "idempotency-key": randomUUID() })).json;
  }

  async create(owner, name) {
    return (await this.change("POST", "/v1/orgs", owner.token, { name })).id;
  }

  async invite(owner, org, email) {
    return (await this.change("POST", `/v1/orgs/${org}/invitations`, owner.token, { email, role: "viewer" })).id;
  }

  async accept(person, org, invitation) {
    await this.change("POST", "/v1/invitations/accept", person.token, { org_id: org, invitation_id: invitation });
    return person.id;
  }

  changeRole(owner, org, member) {
    return this.change("PATCH", `/v1/orgs/${org}/members/${member}`, owner.token, { role: "administrator" });
  }

  membersPath(org) {
    return `/v1/orgs/${org}/members`;
  }

  async members(owner, org) {
    return (await this.call("GET", this.membersPath(org), owner.token)).json.data;
  }

  remove(owner, org, member) {
    return this.change("DELETE", `/v1/orgs/${org}/members/${member}`, owner.token);
  }
}
