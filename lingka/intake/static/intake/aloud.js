// Read to me: the page's main words in the page's language, where the phone has a voice for it.

const button = document.querySelector("[data-aloud]");
const speech = window.speechSynthesis;
const wanted = { "zh-hans": "zh", bo: "bo", en: "en" }[document.documentElement.lang] || "zh";

function voice() {
  return speech.getVoices().find((one) => one.lang.toLowerCase().startsWith(wanted));
}
function show() {
  button.hidden = !voice();
}
if (button && speech) {
  show();
  speech.addEventListener?.("voiceschanged", show);
  button.addEventListener("click", () => {
    speech.cancel();
    const main = document.getElementById("main").cloneNode(true);
    for (const silent of main.querySelectorAll("[hidden],.sr-only,button,script,input")) {
      if (!silent.matches("input")) silent.remove();
    }
    const words = new SpeechSynthesisUtterance(main.textContent.replace(/\s+/g, " ").trim());
    words.voice = voice();
    words.lang = words.voice.lang;
    speech.speak(words);
  });
}
