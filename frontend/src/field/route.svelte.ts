// Where in the app we are: the part of the address after "#", so that Back works and nothing is asked
// of the server.
function read(): string[] {
  const path = location.hash.replace(/^#\/?/, "");
  return path === "" ? ["today"] : path.split("/").map(decodeURIComponent);
}

export const route = $state({ path: read() });

addEventListener("hashchange", () => {
  route.path = read();
  scrollTo(0, 0);
});

export function to(...path: string[]): string {
  return `#/${path.map(encodeURIComponent).join("/")}`;
}

export function go(...path: string[]): void {
  location.hash = to(...path);
}

export function back(): void {
  if (history.length > 1) history.back();
  else go("today");
}
