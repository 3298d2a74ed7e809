// The way in, in steps: the frame that index.html draws comes first, then what the phone keeps, then
// the screen that was asked for, and only then the network and all other screens. Each step is a piece
// of its own and a task of its own, for an old phone stands still over a large one.
import "../../../lingka/core/static/core/tokens.css";
import "../../../lingka/core/static/core/lingka.css";
import "../../../lingka/core/static/core/components.css";
import "./field.css";
import { breath, frame, pause } from "./steps.ts";

const PATIENCE = 5000; // a weak network may take hours over photos

async function begin(): Promise<void> {
  await frame();
  askAhead();
  const { speak } = await import("./words.svelte.ts");
  await speak();
  const { start, goOn } = await import("./model.svelte.ts");
  await start();
  const { show } = await import("./show.ts");
  await breath();
  await show();
  await frame();
  keep();
  await Promise.race([goOn(), pause(PATIENCE)]);
  const { bringAll } = await import("./pieces.svelte.ts");
  await bringAll();
}

void begin().catch((error: unknown) => {
  console.error(error);
  document.documentElement.dataset.shell = "failed"; // if the app never came, the frame says so
});

// What today's screen needs, all at once. Any earlier, reading ten scripts would hold up the frame.
function askAhead(): void {
  document.querySelectorAll<HTMLLinkElement>("link[rel=ahead]").forEach((one) => (one.rel = "modulepreload"));
}

// The app comes out of the phone's own cache from the second start on, network or not.
function keep(): void {
  if (!("serviceWorker" in navigator) || !import.meta.env.PROD) return;
  const workers = navigator.serviceWorker;
  const later = () => void workers.ready.then((one) => one.active?.postMessage("later"));
  workers.addEventListener("controllerchange", later);
  // Where the line breaks on the way, another start tries again.
  void workers.register("/field/sw.js", { scope: "/field/" }).then(later, console.warn);
}
