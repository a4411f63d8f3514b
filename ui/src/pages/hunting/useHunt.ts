import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { hunts, runHunt, type HuntColumn, type HuntRender, type HuntStats } from "../../api/hunting";
import type { Row } from "../../lib/huntRows";

/** Run is one run of a query, and what it has found so far. */
export interface Run {
  n: number;
  state: "running" | "done" | "failed" | "cancelled";
  query: string;
  timespan: string;
  /** What the query took for now, as the server says. */
  at?: string | undefined;
  began: number;
  columns: HuntColumn[];
  render: HuntRender | undefined;
  rows: Row[];
  stats?: HuntStats;
  error?: unknown;
}

let count = 0;

/** useHunt runs queries, one at a time in each tab. Leaving the page cancels what runs. */
export function useHunt() {
  const [runs, setRuns] = useState<Readonly<Record<string, Run>>>({});
  const stops = useRef(new Map<string, AbortController>());
  const queries = useQueryClient();

  useEffect(() => {
    const all = stops.current;
    return () => {
      for (const stop of all.values()) stop.abort();
      all.clear();
    };
  }, []);

  const start = useCallback(
    async (tab: string, query: string, timespan: string) => {
      stops.current.get(tab)?.abort();
      const stop = new AbortController();
      stops.current.set(tab, stop);
      const n = ++count;
      const change = (next: (run: Run) => Partial<Run>) =>
        setRuns((all) => {
          const run = all[tab];
          return run?.n === n ? { ...all, [tab]: { ...run, ...next(run) } } : all;
        });
      // Rows come in small parts, and are shown a few times a second: to draw each part takes longer than to read it.
      let waiting: Row[] = [];
      let shown = 0;
      const show = () => {
        const more = waiting;
        waiting = [];
        shown = performance.now();
        if (more.length > 0) change((run) => ({ rows: run.rows.concat(more) }));
      };
      setRuns((all) => ({ ...all, [tab]: { n, state: "running", query, timespan, began: Date.now(), columns: [], render: undefined, rows: [] } }));
      try {
        const stats = await runHunt(
          query, timespan,
          {
            columns: (columns, render, at) => change(() => ({ columns, render, at })),
            rows: (rows) => {
              for (const row of rows) waiting.push(row);
              if (performance.now() - shown > 250) show();
            },
            progress: () => undefined,
          },
          stop.signal,
        );
        show();
        change(() => ({ state: "done", stats }));
      } catch (error) {
        show();
        change(() => (stop.signal.aborted ? { state: "cancelled" } : { state: "failed", error }));
      } finally {
        if (stops.current.get(tab) === stop) stops.current.delete(tab);
        void queries.invalidateQueries({ queryKey: hunts.queryKey });
      }
    },
    [queries],
  );
  const cancel = useCallback((tab: string) => stops.current.get(tab)?.abort(), []);
  const close = useCallback((tab: string) => {
    stops.current.get(tab)?.abort();
    setRuns((all) => Object.fromEntries(Object.entries(all).filter(([id]) => id !== tab)));
  }, []);
  return { runs, start, cancel, close };
}
