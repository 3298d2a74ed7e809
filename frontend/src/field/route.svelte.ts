// Where in the app we are: the part of the address after "#", so that Back works and nothing is asked
// of the server.
import { bring, nameOf, screen } from "./pieces.svelte.ts";

function read(): string[] {
  const path = location.hash.replace(/^#\/?/, "");
  return path === "" ? ["today"] : path.split("/").map(decodeURIComponent);
}

export const route = $state({ path: read() });
let missing: (error: unknown) => void = console.error;

/** What is done where a screen cannot be fetched. */
export function whenMissing(act: (error: unknown) => void): void {
  missing = act;
}

function turn(): void {
  route.path = read();
  scrollTo(0, 0);
}

// The screen before stays until the next one is here, which is at once but in the first seconds.
addEventListener("hashchange", () => {
  const name = nameOf(read());
  const wanted = () => name === nameOf(read());
  if (screen(name)) return turn();
  bring(name).then(() => wanted() && turn(), (error: unknown) => (wanted() ? missing : console.error)(error));
});

export function to(...path: string[]): string {
  return `#/${path.map(encodeURIComponent).join("/")}`;
}

export function go(...path: string[]): void {
  location.hash = to(...path);
}

/** The address says again what is shown, so that the same way can be tried once more. */
export function stay(): void {
  history.replaceState(null, "", to(...route.path));
}

export function back(): void {
  if (history.length > 1) history.back();
  else go("today");
}
