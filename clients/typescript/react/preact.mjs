// React's API for the components, on Preact, which is a tenth of the size. The bundles of the
// custom elements and of the console use it in place of `react`.
import { options } from "preact";
import { useState } from "preact/hooks";

export * from "preact/compat";
export { default } from "preact/compat";

// Ariakit sets its event handlers in this hook, and calls them from refs. Preact sets refs first.
// Without the hook, Ariakit sets the handlers while it renders.
export const useInsertionEffect = undefined;

// Preact counts ids from the same start in every root, and a page can have several elements.
let ids = 0;
export const useId = () => useState(() => `orgs-${++ids}`)[0];

// Ariakit keeps events and assigns `currentTarget`, as React's own events allow.
if (typeof Event !== "undefined") {
  const { get } = Object.getOwnPropertyDescriptor(Event.prototype, "currentTarget");
  const compat = options.event;
  options.event = (event) => {
    Object.defineProperty(event, "currentTarget", {
      configurable: true,
      writable: true,
      value: get.call(event),
    });
    return compat(event);
  };
}
