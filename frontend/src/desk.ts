// htmx for the desk, set up for a strict content policy: no evaluation, no styles of its own.
import htmx from "htmx.org";
import "./map/element";

declare global {
  interface Window {
    htmx: typeof htmx;
  }
}

htmx.config.includeIndicatorStyles = false;
htmx.config.allowEval = false;
htmx.config.selfRequestsOnly = true;
htmx.config.historyCacheSize = 0; // cases must not lie in the browser's storage
htmx.config.scrollIntoViewOnBoost = false;
htmx.config.attributesToSettle = []; // it would put back old attributes as inline styles, to fade them
window.htmx = htmx;
