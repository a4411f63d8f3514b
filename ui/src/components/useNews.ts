import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useState } from "react";
import { answer, client } from "../api/client";

const wait = 25; // seconds that one question waits
const pause = 10_000; // milliseconds after a failure, or while nobody looks

/**
 * useNews learns when something changes among the alerts and incidents in this reader's sight. While `calm`, what is shown is
 * read again at once; otherwise it tells that there are news, and waits to be asked: nobody loses their place by it.
 */
export function useNews(calm: boolean): { news: boolean; show: () => void } {
  const queries = useQueryClient();
  const [news, setNews] = useState(false);
  function show() {
    setNews(false);
    void queries.invalidateQueries({ queryKey: ["alerts"] });
    void queries.invalidateQueries({ queryKey: ["incidents"] });
  }
  const told = useEffectEvent(() => (calm ? show() : setNews(true)));
  useEffect(() => {
    const window = crypto.randomUUID();
    const end = new AbortController();
    const rest = () => new Promise<void>((done) => setTimeout(done, pause));
    async function watch() {
      while (!end.signal.aborted) {
        if (document.hidden) {
          await rest(); // a browser has few connections: those who look get them
          continue;
        }
        try {
          const { changed } = await answer(client.GET("/api/v1/live", { signal: end.signal, params: { query: { window, wait } } }));
          if (changed) told();
        } catch {
          if (!end.signal.aborted) await rest();
        }
      }
    }
    void watch();
    return () => end.abort();
  }, []);
  return { news, show };
}
