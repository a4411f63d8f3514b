import { Button, Text, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { EyeFilled } from "@fluentui/react-icons";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState, useSyncExternalStore, type ReactNode } from "react";
import { useEndView, type PortalView } from "../api/view";
import { ViewingContext } from "../components/readOnly";
import { comeBack } from "../lib/kept";
import { timeLeft, viewingUntil } from "../lib/viewing";
import { list, workloadLabel, workloads } from "../lib/words";

const useStyles = makeStyles({
  outer: { display: "flex", flexDirection: "column", height: "100vh", boxSizing: "border-box" },
  inner: { padding: "4px" },
  // Over everything, drawers and dialogs too, and in nobody's way.
  frame: { position: "fixed", inset: 0, zIndex: 2_000_000, pointerEvents: "none", border: `4px solid ${tokens.colorPaletteBerryBorderActive}` },
  bar: {
    display: "flex",
    alignItems: "center",
    gap: tokens.spacingHorizontalM,
    flexWrap: "wrap",
    padding: `${tokens.spacingVerticalXS} ${tokens.spacingHorizontalL}`,
    backgroundColor: tokens.colorPaletteBerryBackground2,
    color: tokens.colorPaletteBerryForeground2,
    flexShrink: 0,
  },
  says: { flexGrow: 1, minWidth: 0, overflowWrap: "anywhere", color: "inherit" },
  left: { fontVariantNumeric: "tabular-nums", color: "inherit" },
  icon: { display: "inline-flex", fontSize: "20px" },
});

/** The end of the view after which the server was asked whether it is over. */
let askedAfter = "";

const kinds = { user: "", role: "the role ", draft: "the draft role " } as const;

/** ViewFrame stands around every page while the portal is viewed as somebody, and nowhere else. */
export function ViewFrame({ view, children }: { view: PortalView | undefined; children: ReactNode }) {
  const styles = useStyles();
  const queries = useQueryClient();
  const until = useSyncExternalStore(viewingUntil.subscribe, viewingUntil.get);
  const viewing = view?.viewing ? view : null;
  // Another window, or the time, has begun or ended the view: nothing of before may stay on the page.
  const apart = view !== undefined && Boolean(until) !== view.viewing;
  useEffect(() => {
    if (apart) void queries.resetQueries();
  }, [apart, queries]);
  return (
    <ViewingContext value={viewing}>
      <div className={mergeClasses(styles.outer, viewing ? styles.inner : undefined)}>
        {viewing && <Bar view={viewing} />}
        {children}
        {viewing && <div className={styles.frame} aria-hidden />}
      </div>
    </ViewingContext>
  );
}

function Bar({ view }: { view: PortalView }) {
  const styles = useStyles();
  const queries = useQueryClient();
  const end = useEndView();
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const tick = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(tick);
  }, []);
  const bar = useRef<HTMLElement>(null);
  useEffect(() => {
    const root = document.documentElement.style;
    const seen = new ResizeObserver(() => root.setProperty("--view-bar", `${bar.current?.getBoundingClientRect().bottom ?? 0}px`));
    if (bar.current) seen.observe(bar.current);
    return () => {
      seen.disconnect();
      root.removeProperty("--view-bar");
    };
  }, []);
  const over = Date.parse(view.until ?? "") <= now;
  const { until = "" } = view;
  useEffect(() => {
    // Once: a clock here that is ahead of the server's must not ask it without end.
    if (!over || askedAfter === until) return;
    askedAfter = until;
    void queries.resetQueries();
  }, [over, until, queries]);
  const within = view.within ?? [];
  const missing = workloads.length > within.length && within.length > 0;
  return (
    <aside ref={bar} aria-label="View" className={styles.bar}>
      <span className={styles.icon} aria-hidden>
        <EyeFilled />
      </span>
      <div className={styles.says} role="status">
        <Text weight="semibold">{`You view the portal as ${kinds[view.kind ?? "user"]}${view.name}.`}</Text>{" "}
        <Text>
          {view.problem
            ? `Nothing can be shown: ${view.problem}.`
            : `Read-only, and never more than you may see yourself${missing ? `; only ${list(within.map(workloadLabel))}, whose roles you may view` : ""}.`}
        </Text>
      </div>
      <Text className={styles.left} role="timer" aria-label="Time left">{`${timeLeft(view.until, now)} left`}</Text>
      <Button
        appearance="primary"
        size="small"
        disabledFocusable={end.isPending}
        onClick={() => end.mutate(undefined, { onSuccess: () => location.assign(comeBack()) })}
      >
        End the view
      </Button>
    </aside>
  );
}
