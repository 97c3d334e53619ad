import { useEffect, useRef, useState } from "react";
import { useOrganizations } from "../provider.tsx";
import type { Series } from "./series.ts";

/** Counts the changes of the reader's color scheme. */
function useColorScheme(): number {
  const [changes, setChanges] = useState(0);
  useEffect(() => {
    const query = matchMedia("(prefers-color-scheme: dark)");
    const listener = () => setChanges((count) => count + 1);
    query.addEventListener("change", listener);
    return () => query.removeEventListener("change", listener);
  }, []);
  return changes;
}

/** The chart of credits over time: stacked bars, the budget spread evenly, and the forecast. */
export function Chart({ series, label }: { series: Series; label: string }) {
  const { texts, format } = useOrganizations();
  const canvas = useRef<HTMLCanvasElement>(null);
  const scheme = useColorScheme();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another color scheme has other colors
  useEffect(() => {
    let isWanted = true;
    let remove = (): void => undefined;
    // The chart library is half of the code of all components, and only this page needs it.
    void import("./draw-chart.ts").then(({ drawChart }) => {
      if (isWanted && canvas.current) remove = drawChart(canvas.current, series, texts, format);
    });
    return () => {
      isWanted = false;
      remove();
    };
  }, [series, scheme, texts, format]);
  return <canvas ref={canvas} data-testid="usage-chart" role="img" aria-label={label} />;
}
