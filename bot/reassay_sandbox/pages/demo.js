"use strict";
// While a button's work is done the page says so, and buttons are off. Once there is something new, it is loaded again: the
// demo is set up, or a step was done by hand in the frame.
const working = document.getElementById("working");
for (const form of document.querySelectorAll("form[data-acts]")) {
  form.addEventListener("submit", () => {
    working.hidden = false;
    // After the form was sent: a disabled button's value would not be.
    setTimeout(() => { for (const button of document.querySelectorAll("button")) button.disabled = true; });
  });
}
const version = document.querySelector("main").dataset.version;
setInterval(async () => {
  if (document.hidden || (working && !working.hidden)) return;
  try {
    const answer = await fetch("/_demo/version");
    if (answer.ok && (await answer.text()) !== version) location.replace("/_demo");
  } catch (error) { /* The demo was stopped, or starts over. */ }
}, working ? 2000 : 500);
