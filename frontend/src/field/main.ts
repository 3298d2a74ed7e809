import { mount } from "svelte";
import App from "./App.svelte";
import "../../../lingka/core/static/core/tokens.css";
import "../../../lingka/core/static/core/lingka.css";
import "../../../lingka/core/static/core/components.css";
import "./field.css";
import { start } from "./model.svelte.ts";
import { wear } from "./words.svelte.ts";

wear();
mount(App, { target: document.getElementById("app")! });
void start();

// The app comes out of the phone's own cache from the second start on, network or not.
if ("serviceWorker" in navigator && import.meta.env.PROD) {
  const workers = navigator.serviceWorker;
  const later = () => void workers.ready.then((one) => one.active?.postMessage("later"));
  workers.addEventListener("controllerchange", later);
  void workers.register("/field/sw.js", { scope: "/field/" }).then(later);
}
