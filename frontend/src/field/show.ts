// Puts the app where index.html drew its frame.
import { mount } from "svelte";
import App from "./App.svelte";
import { anew } from "./anew.ts";
import { model } from "./model.svelte.ts";
import { bring, nameOf } from "./pieces.svelte.ts";
import { route, whenMissing } from "./route.svelte.ts";

export async function show(): Promise<void> {
  whenMissing((error) => void anew(error));
  const asked = bring(nameOf(route.path));
  if (model.locked) await bring("unlock");
  else await asked;
  const place = document.getElementById("app")!;
  place.replaceChildren();
  mount(App, { target: place });
  await asked;
}
