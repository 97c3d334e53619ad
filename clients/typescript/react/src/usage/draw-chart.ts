import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
} from "chart.js";
import type { Format } from "../format.ts";
import type { Texts } from "../texts/en.ts";
import type { Series } from "./series.ts";

Chart.register(
  BarController,
  BarElement,
  CategoryScale,
  LineController,
  LineElement,
  LinearScale,
  PointElement,
  Tooltip,
);

/** Draws a chart in the colors of the style sheet, and returns a function that removes it. */
export function drawChart(
  canvas: HTMLCanvasElement,
  series: Series,
  t: Texts,
  format: Format,
): () => void {
  // Only a property of an element has the color that a variable stands for.
  const probe = canvas.parentElement ?? canvas;
  const color = (name: string): string => {
    const before = probe.style.color;
    probe.style.color = `var(${name})`;
    const value = getComputedStyle(probe).color;
    probe.style.color = before;
    return value;
  };
  const [text, line, danger] = [
    color("--orgs-quiet"),
    color("--orgs-line"),
    color("--orgs-danger"),
  ];
  const budget = series.budget.some((value) => value !== null) && {
    type: "line" as const,
    label: t.usage.budgetLine,
    data: series.budget,
    borderColor: danger,
    backgroundColor: danger,
    borderDash: [6, 4],
    borderWidth: 2,
    pointRadius: 0,
    pointHitRadius: 6,
  };
  const bars = series.groups.map(({ name, values, isRest }, at) => ({
    type: "bar" as const,
    label: name,
    data: values,
    backgroundColor: color(`--orgs-chart-${isRest ? "rest" : at + 1}`),
    stack: "credits",
  }));
  const expected = series.expected.some((value) => value !== null) && {
    type: "bar" as const,
    label: t.usage.expected,
    data: series.expected,
    backgroundColor: "transparent",
    borderColor: text,
    borderWidth: 1,
    stack: "credits",
  };
  const isRightToLeft = getComputedStyle(canvas).direction === "rtl";
  const chart = new Chart(canvas, {
    data: {
      labels: series.labels,
      datasets: [...(budget ? [budget] : []), ...bars, ...(expected ? [expected] : [])],
    },
    options: {
      animation: false,
      maintainAspectRatio: false,
      interaction: { mode: "index", intersect: false },
      scales: {
        x: {
          stacked: true,
          reverse: isRightToLeft,
          grid: { display: false },
          ticks: { color: text, maxRotation: 0, autoSkipPadding: 12 },
        },
        y: {
          stacked: true,
          beginAtZero: true,
          position: isRightToLeft ? "right" : "left",
          grid: { color: line },
          ticks: { color: text, callback: (value) => format.about(Number(value)) },
        },
      },
      plugins: {
        tooltip: {
          filter: (item) => item.dataset.type === "line" || Number(item.parsed.y) > 0,
          callbacks: {
            label: (item) => `${item.dataset.label}: ${format.about(Number(item.parsed.y))}`,
          },
        },
      },
    },
  });
  return () => chart.destroy();
}
