// Draws the charts of a report. Their specs lie in the page as JSON; nothing is fetched.
const specs = JSON.parse(document.getElementById("specs").textContent);
const colours = JSON.parse(document.getElementById("colours").textContent);
const dark = matchMedia("(prefers-color-scheme: dark)");

function dressed(spec) {
  let text = JSON.stringify(spec);
  if (dark.matches) for (const [light, night] of colours) text = text.replaceAll(light, night);
  return JSON.parse(text);
}

function draw() {
  for (const place of document.querySelectorAll("[data-chart]")) {
    const name = place.dataset.chart;
    const actions = { export: true, source: false, compiled: false, editor: false };
    vegaEmbed(place, dressed(specs[name]), { ast: true, renderer: "svg", actions, downloadFileName: name }).then((shown) =>
      shown.view.addEventListener("click", (event, mark) => {
        const target = mark && mark.datum && mark.datum.outlet && place.dataset.target;
        const goal = target && document.getElementById("why-" + target + "-" + mark.datum.outlet);
        if (goal) goal.scrollIntoView({ behavior: "smooth" });
      })
    );
  }
}

dark.addEventListener("change", draw);
draw();
