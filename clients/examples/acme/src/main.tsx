import "@organizations/react/styles.css";
import "./styles.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import { signedIn } from "./session.ts";
import { SignedOut } from "./signed-out.tsx";

const user = await signedIn().catch(() => "The identity provider cannot be reached.");
createRoot(document.getElementById("app") as HTMLElement).render(
  <StrictMode>
    {user && typeof user === "object" ? <App user={user} /> : <SignedOut message={user} />}
  </StrictMode>,
);
