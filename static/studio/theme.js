// Before the first paint: the chosen theme, and the reader's time zone for pages that write dates on the server.
(function () {
  try {
    var chosen = localStorage.getItem("pickup:theme");
    if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
  } catch (error) { /* storage refused: the system's setting decides */ }
  try {
    var zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (zone && document.cookie.indexOf("pickup_zone=" + zone) < 0) {
      document.cookie = "pickup_zone=" + zone + "; path=/console/; max-age=31536000; samesite=lax";
    }
  } catch (error) { /* no zone: the server's is used */ }
})();
