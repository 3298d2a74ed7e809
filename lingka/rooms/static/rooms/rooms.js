// "From where I am": asked only on pressing, rounded to some hundred metres before it is sent.
const here = document.querySelector("[data-here]");
if (here && navigator.geolocation) {
  here.hidden = false;
  here.addEventListener("click", () => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        const address = new URL(location.href);
        address.searchParams.delete("at");
        address.searchParams.set("lon", coords.longitude.toFixed(3));
        address.searchParams.set("lat", coords.latitude.toFixed(3));
        location.assign(address);
      },
      () => { document.querySelector("[data-here-refused]").hidden = false; },
    );
  });
}
