import type { Client } from "@organizations/client";
import type { Texts } from "./texts/en.ts";

/** The settings of the components: of `OrganizationsProvider` and of the custom elements. */
export interface ProviderSettings {
  /**
   * The client of the signed-in person. Create another one when another person signs in, and none
   * while you render: with another client the components start again.
   */
  client: Client;
  /** The texts. The default is English; `@organizations/react/de` has German. */
  texts?: Texts;
  /**
   * The locale of numbers and dates, such as `en-GB`. The default is the browser's first locale in
   * the language of the texts.
   */
  locale?: string;
  /** Called when the API rejects the token. */
  onUnauthorized?: () => void;
  /** Starts a new sign-in. With it, errors about an expired session have a button. */
  onSignIn?: () => void;
  /** A value that changes after a new sign-in. Requests that failed are then repeated. */
  session?: string | number;
  /** Shows a short message, such as "Saved". The default is the corner of the page. */
  onMessage?: (text: string) => void;
  /** The element for menus, dialogs and tooltips. The default is the end of `<body>`. */
  portal?: HTMLElement | null;
}
