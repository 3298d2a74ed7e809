// What a resident's phone loads on every page: next to nothing. Pages work without it.
import "./map/element";

document.documentElement.classList.add("js");
