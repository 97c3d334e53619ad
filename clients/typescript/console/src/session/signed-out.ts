// Remembers that someone signed out in this browser, until the next sign-in, which asks for the
// identity. The local storage keeps it over a reload and for the other page.

const NAME = "signed-out";
/** For a browser that blocks the local storage. */
let isOut = false;

export function rememberSignOut(): void {
  isOut = true;
  try {
    localStorage.setItem(NAME, "1");
  } catch {}
}

export function forgetSignOut(): void {
  isOut = false;
  try {
    localStorage.removeItem(NAME);
  } catch {}
}

export function wasSignedOut(): boolean {
  try {
    return localStorage.getItem(NAME) !== null;
  } catch {
    return isOut;
  }
}
