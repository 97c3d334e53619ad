import type { Client } from "@organizations/client";
import type { Texts } from "../texts/en.ts";

/** The settings of the elements, which are those of `OrganizationsProvider`. */
export interface ElementSettings {
  /** The client of the signed-in person. */
  client: Client;
  texts?: Texts;
  locale?: string;
  onUnauthorized?: () => void;
  onSignIn?: () => void;
  session?: string | number;
  onMessage?: (text: string) => void;
  portal?: HTMLElement | null;
}
