// A page of another product, which embeds the custom elements without React.
import { createClient, defineElements } from "@organizations/react/elements";
import "@organizations/react/styles.css";
import "./product.css";

const { url, token, orgId } = JSON.parse(document.getElementById("settings")?.textContent ?? "{}");
defineElements({ client: createClient({ url, getToken: () => token }) });

const element = document.createElement(location.hash.slice(1) || "org-members");
element.setAttribute("org-id", orgId);
element.addEventListener("org-leave", ({ detail }) => {
  document.body.dataset.orgLeave = detail;
});
document.getElementById("app")?.append(element);
