// The invitation page, which the links in emails open. The link's token is in the fragment; this
// page sends it to the API in request bodies only. The bearer token is a variable: a reload forgets
// it.
import "./invitation.css";
import { createRoot } from "react-dom/client";
import { TextsContext } from "../texts/context.ts";
import { loadTexts } from "../texts/index.ts";
import { Flow } from "./flow.ts";
import { InvitationPage } from "./page.tsx";

async function main(): Promise<void> {
  const texts = await loadTexts();
  const flow = new Flow(texts);
  const root = document.getElementById("app");
  if (!root) return;
  createRoot(root).render(
    <TextsContext.Provider value={texts}>
      <InvitationPage flow={flow} />
    </TextsContext.Provider>,
  );
  addEventListener("hashchange", () => void flow.openLink(location.hash.slice(1)));
  await flow.start();
}

void main();
