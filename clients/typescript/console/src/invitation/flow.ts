import {
  type Client,
  type components,
  createClient,
  idempotencyKey,
  isProblem,
} from "@organizations/client";
import { begin, config, finish, forgetAttempts, isBack } from "../session/oidc.ts";
import type { Texts } from "../texts/index.ts";

export type Preview = components["schemas"]["InvitationPreview"];

/** What the page shows. */
export type View =
  | { name: "loading" | "no-link" | "unknown" }
  | { name: "away"; title: string; detail: string; retry: () => Promise<void> }
  | { name: "not-signed-in"; link: string }
  | { name: "offer" | "no-issuer" | "answer"; link: string; preview: Preview }
  | { name: "decline"; link: string; preview: Preview }
  | { name: "over"; status: string; inviter: string }
  | { name: "accepted-now"; org: { id: string; name: string }; role: string }
  | { name: "declined-now"; preview: Preview }
  | {
      name: "wrong-address" | "unverified" | "already-member" | "no-seat" | "not-active";
      link: string;
      preview: Preview;
      retry: () => Promise<void>;
    }
  | { name: "opt-out"; link: string }
  | { name: "opted-out"; email: string };

const PATH = "/invitations";

/** The view for an error code of accepting or declining. */
const REFUSED: Record<
  string,
  "wrong-address" | "unverified" | "already-member" | "no-seat" | "not-active"
> = {
  email_mismatch: "wrong-address",
  email_not_verified: "unverified",
  already_member: "already-member",
  seat_limit_reached: "no-seat",
  org_not_active: "not-active",
};
/** The status of an invitation that an error code stands for. */
const OVER: Record<string, string> = {
  invitation_expired: "expired",
  invitation_revoked: "revoked",
  invitation_declined: "declined",
  invitation_used: "accepted",
};

/** Moves from view to view: it opens links, signs in, and answers invitations. */
export class Flow {
  view: View = { name: "loading" };
  /** The address of the signed-in person, and null without one. */
  email: string | null = null;
  isBusy = false;
  readonly #texts: Texts;
  readonly #client: Client = createClient({ url: location.origin, getToken: () => this.#token });
  readonly #listeners = new Set<() => void>();
  /** One key per invitation and answer, so that a repeated answer counts once. */
  readonly #keys = new Map<string, string>();
  #token: string | null = null;
  #userId: string | null = null;
  #changes = 0;

  constructor(texts: Texts) {
    this.#texts = texts;
    // The console tells every tab of a person that they signed out.
    new BroadcastChannel("session").onmessage = ({ data }: MessageEvent<{ out?: string }>) => {
      if (!this.#userId || data.out !== this.#userId) return;
      this.#token = null;
      this.#show({ name: "not-signed-in", link: location.hash.slice(1) });
    };
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly changes = (): number => this.#changes;

  /** Opens the link of the address, or continues after the redirect from the issuer. */
  async start(): Promise<void> {
    if (!isBack()) {
      forgetAttempts();
      return this.openLink(location.hash.slice(1));
    }
    const { token, kept } = await finish(PATH);
    const link = kept.slice(1);
    if (!token) return this.#show({ name: "not-signed-in", link });
    this.#token = token;
    const me = await this.#client.get("/v1/me").catch(() => null);
    this.email = me?.email ?? null;
    this.#userId = me?.user_id ?? null;
    await this.openLink(link);
  }

  async openLink(link: string): Promise<void> {
    if (link.startsWith("inv1.")) return this.#openInvitation(link);
    if (link.startsWith("out1.")) return this.#show({ name: "opt-out", link });
    this.#show({ name: link ? "unknown" : "no-link" });
  }

  /** Does work while all buttons are disabled. */
  async run(work: () => Promise<void>): Promise<void> {
    if (this.isBusy) return;
    this.isBusy = true;
    this.#notify();
    try {
      await work();
    } finally {
      this.isBusy = false;
      this.#notify();
    }
  }

  /**
   * Redirects to the issuer. `another` asks for another identity than the one that the issuer
   * remembers.
   */
  async signIn(link: string, another = false): Promise<void> {
    try {
      await begin(PATH, link && `#${link}`, another);
    } catch {
      const { title, detail } = this.#texts.invitation.issuerAway;
      this.#show({ name: "away", title, detail, retry: () => this.signIn(link, another) });
    }
  }

  showAnswer(link: string, preview: Preview): void {
    this.#show({
      name: config.issuer ? (this.#token ? "answer" : "offer") : "no-issuer",
      link,
      preview,
    });
  }

  askToDecline(link: string, preview: Preview): void {
    this.#show({ name: "decline", link, preview });
  }

  async accept(link: string, preview: Preview): Promise<void> {
    try {
      const { org, member } = await this.#client.post(
        "/v1/invitations/accept",
        this.#answer("accept", link),
      );
      this.#show({ name: "accepted-now", org, role: member.role });
    } catch (error) {
      this.#refuse(error, link, preview, () => this.accept(link, preview));
    }
  }

  async decline(link: string, preview: Preview): Promise<void> {
    try {
      await this.#client.post("/v1/invitations/decline", this.#answer("decline", link));
      this.#show({ name: "declined-now", preview });
    } catch (error) {
      this.#refuse(error, link, preview, () => this.decline(link, preview));
    }
  }

  async optOut(link: string): Promise<void> {
    try {
      // The body that mail programs send (RFC 8058).
      const { email } = await this.#client.post("/v1/mail/opt-out/{token}", {
        params: { path: { token: link } },
        body: { "List-Unsubscribe": "One-Click" },
        bodySerializer: (body) => new URLSearchParams(body),
        headers: { "content-type": "application/x-www-form-urlencoded" },
      });
      this.#show({ name: "opted-out", email });
    } catch (error) {
      if (isProblem(error) && error.status === 404) this.#show({ name: "unknown" });
      else this.#showFailure(error, () => this.optOut(link));
    }
  }

  async #openInvitation(link: string): Promise<void> {
    try {
      const preview = await this.#client.post("/v1/invitations/preview", { body: { token: link } });
      if (preview.status === "pending") this.showAnswer(link, preview);
      else this.#show({ name: "over", status: preview.status, inviter: preview.inviter.name });
    } catch (error) {
      if (isProblem(error) && error.status === 404) this.#show({ name: "unknown" });
      else this.#showFailure(error, () => this.#openInvitation(link));
    }
  }

  /** The request that accepts or declines. */
  #answer(what: string, link: string) {
    const name = `${what} ${link} ${this.#token}`;
    const key = this.#keys.get(name) ?? idempotencyKey();
    this.#keys.set(name, key);
    return { body: { token: link }, headers: { "Idempotency-Key": key } };
  }

  /** Shows why the API rejected an answer, and what to do next. */
  #refuse(error: unknown, link: string, preview: Preview, retry: () => Promise<void>): void {
    const code = isProblem(error) ? error.code : "";
    const [refused, over] = [REFUSED[code], OVER[code]];
    if (refused) this.#show({ name: refused, link, preview, retry });
    else if (over) this.#show({ name: "over", status: over, inviter: preview.inviter.name });
    else if (code === "invitation_not_found") this.#show({ name: "unknown" });
    else if (isProblem(error) && error.status === 401) {
      this.#token = null;
      this.#show({ name: "not-signed-in", link });
    } else this.#showFailure(error, retry);
  }

  #showFailure(error: unknown, retry: () => Promise<void>): void {
    const { failures, failure } = this.#texts.components;
    const status = isProblem(error) ? error.status : 0;
    this.#show({ name: "away", ...(failures[status] ?? failure(status)), retry });
  }

  #show(view: View): void {
    this.view = view;
    this.#notify();
  }

  #notify(): void {
    this.#changes += 1;
    for (const listener of this.#listeners) listener();
  }
}
