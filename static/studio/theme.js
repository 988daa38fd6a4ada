// Before the first paint: the chosen theme, the column of a Try panel that stays open, and the reader's time zone for pages
// that write dates on the server.
(function () {
  try {
    var chosen = localStorage.getItem("pickup:theme");
    if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
  } catch (error) { /* storage refused: the system's setting decides */ }
  try {
    var root = document.documentElement;
    if (root.hasAttribute("data-tries") && sessionStorage.getItem("pickup:trying") && matchMedia("(min-width: 1100px)").matches) {
      root.classList.add("is-trying");
    }
  } catch (error) { /* storage refused: the panel is opened again by hand */ }
  try {
    var zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (zone && document.cookie.indexOf("pickup_zone=" + zone) < 0) {
      document.cookie = "pickup_zone=" + zone + "; path=/console/; max-age=31536000; samesite=lax";
    }
  } catch (error) { /* no zone: the server's is used */ }
})();
