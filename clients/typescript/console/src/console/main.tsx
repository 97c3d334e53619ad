// The console.
import "./console.css";
import { createRoot } from "react-dom/client";
import { begin, finish, isBack } from "../session/oidc.ts";
import { AGAIN, ANOTHER, PATH, share, start } from "../session/session.ts";
import { TextsContext } from "../texts/context.ts";
import { loadTexts } from "../texts/index.ts";
import { Console } from "./console.tsx";

async function main(): Promise<void> {
  const loading = loadTexts();
  let hasFailed = false;
  if (isBack()) {
    const { token } = await finish(PATH);
    hasFailed = !token || !(await start(token));
  } else if (location.hash === AGAIN || location.hash === ANOTHER) {
    await begin(PATH, AGAIN, location.hash === ANOTHER).catch(() => {
      hasFailed = true;
    });
    if (!hasFailed) return;
  }
  if (!hasFailed && location.hash === AGAIN) {
    share();
    window.close();
  }
  const texts = await loading;
  const root = document.getElementById("app");
  if (root)
    createRoot(root).render(
      <TextsContext.Provider value={texts}>
        <Console hasFailed={hasFailed} />
      </TextsContext.Provider>,
    );
}

void main();
