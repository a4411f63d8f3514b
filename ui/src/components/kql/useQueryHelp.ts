import { useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { checkHunt, huntingSchema, type HuntColumn, type HuntProblem } from "../../api/hunting";
import { useDark } from "../../lib/dark";
import type { ColumnsFor } from "./words";

const none: readonly HuntProblem[] = [];

/** useQueryHelp is what helps to write a query: the reader's tables, the columns of rows so far, and what is wrong, as soon as the writing pauses. All of it is the server's to say. */
export function useQueryHelp(text: string) {
  const schema = useQuery(huntingSchema);
  const dark = useDark();
  const [problems, setProblems] = useState<readonly HuntProblem[]>(none);
  useEffect(() => {
    if (text.trim() === "") return undefined;
    const stop = new AbortController();
    const timer = setTimeout(() => {
      checkHunt(text, stop.signal).then((checked) => setProblems(checked.errors), () => undefined);
    }, 400);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [text]);

  const memory = useRef(new Map<string, Promise<readonly HuntColumn[]>>());
  const columnsFor: ColumnsFor = useCallback((rows: string) => {
    const known = memory.current.get(rows);
    if (known) return known;
    if (memory.current.size > 50) memory.current.clear();
    const asked = checkHunt(rows).then((checked) => checked.columns, () => []);
    memory.current.set(rows, asked);
    return asked;
  }, []);
  return { schema, columnsFor, dark, problems: text.trim() === "" ? none : problems };
}
