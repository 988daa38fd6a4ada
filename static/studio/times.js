// Relative times stay true while the page is open; exact ones are written in the reader's own zone and manner.
const language = document.documentElement.lang || undefined;
const exactly = new Intl.DateTimeFormat(language, { dateStyle: "long", timeStyle: "medium" });
const byDay = new Intl.DateTimeFormat(language, { day: "numeric", month: "long" });
const relatively = new Intl.RelativeTimeFormat(language, { numeric: "auto", style: "narrow" });

export function keepTimesTrue() {
  document.querySelectorAll("time[data-ago]").forEach((time) => { time.dataset.tip = exactly.format(new Date(time.dateTime)); });
  setInterval(refresh, 30000);
}

function refresh() {
  for (const time of document.querySelectorAll("time[data-ago]")) {
    const minutes = Math.floor((Date.now() - new Date(time.dateTime)) / 60000);
    if (minutes < 1) continue; // the server's "just now" stands
    if (minutes < 60) time.textContent = relatively.format(-minutes, "minute");
    else if (minutes < 24 * 60) time.textContent = relatively.format(-Math.floor(minutes / 60), "hour");
    else if (minutes < 7 * 24 * 60) time.textContent = relatively.format(-Math.floor(minutes / 1440), "day");
    else time.textContent = byDay.format(new Date(time.dateTime));
  }
}
