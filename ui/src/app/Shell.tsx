import { Link, MessageBar, MessageBarBody, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { Suspense, useCallback, useEffect, useMemo, useState, type ComponentType, type LazyExoticComponent } from "react";
import { Navigate, Route, Routes, useLocation, useNavigate } from "react-router";
import { MeContext, meQuery, useSignOut, type Session } from "../api/session";
import { viewQuery } from "../api/view";
import { Failed, Loading, Missing, Refused } from "../components/states";
import { ErrorBoundary } from "./ErrorBoundary";
import { account, areas, everyones, type Area } from "./routes";
import { Shortcuts } from "./Shortcuts";
import { SideNav } from "./SideNav";
import { TopBar } from "./TopBar";
import { ViewFrame } from "./ViewFrame";
import type { useTheme } from "./theme";
import { useKeys } from "./useKeys";

const useStyles = makeStyles({
  shell: { display: "flex", flexDirection: "column", flexGrow: 1, minHeight: 0, overflow: "hidden", backgroundColor: tokens.colorNeutralBackground1 },
  skip: {
    position: "absolute",
    left: tokens.spacingHorizontalM,
    top: "-100px",
    zIndex: 10,
    padding: tokens.spacingHorizontalM,
    backgroundColor: tokens.colorNeutralBackground1,
    ":focus": { top: tokens.spacingVerticalS },
  },
  demo: { flexShrink: 0 },
  // The places of the bar and the navigation, until it is known what stands in them: nothing moves then.
  barToCome: { height: "48px", flexShrink: 0, backgroundColor: "#0a3d41" },
  navToCome: { width: "232px", flexShrink: 0, boxSizing: "border-box", backgroundColor: tokens.colorNeutralBackground2, borderRight: `1px solid ${tokens.colorNeutralStroke2}` },
  narrowToCome: { width: "48px" },
  body: { display: "flex", flexGrow: 1, minHeight: 0 },
  main: { flexGrow: 1, minWidth: 0, overflow: "auto", padding: `${tokens.spacingVerticalXXL} ${tokens.spacingHorizontalXXL}`, "--page-foot": tokens.spacingVerticalXXL, outlineStyle: "none" },
});

const narrow = window.matchMedia("(max-width: 900px)");
const go = Object.fromEntries(areas.filter((area) => area.key).map((area) => [area.key, area.home ?? area.path]));
const sheet: readonly (readonly [string, string])[] = [
  ...areas.filter((area) => area.key).map((area) => [`g ${area.key}`, `Open ${area.label}`] as const),
  ["/ or Ctrl+K", "Search"],
  ["Arrows, Home, End", "Move within a list or a matrix"],
  ["Enter", "Open the row"],
  ["Esc", "Close the drawer; the focus returns to its row"],
  ["F6, Shift+F6", "Next part of the page, or the one before"],
  ["?", "This sheet"],
  ["Shift+Enter", "In a query: run it"],
  ["Ctrl+Space", "In a query: what can stand here"],
  ["Ctrl+F, Ctrl+H", "In a query: find, and replace"],
  ["Ctrl+/", "In a query: make a comment of the line, or a line of the comment"],
  ["Shift+Alt+F", "In a query: format it"],
  ["F8", "In a query: the next problem"],
  ["Ctrl+M", "In a query: let Tab move on"],
];

/** Shell is everything around a page; while the portal is viewed as somebody, a frame is around that. */
export function Shell(props: ShellProps) {
  const view = useQuery(viewQuery);
  return (
    <ViewFrame view={view.data}>
      <Inside {...props} />
    </ViewFrame>
  );
}

interface ShellProps {
  session: Session;
  look: ReturnType<typeof useTheme>;
}

function Inside({ session, look }: ShellProps) {
  const styles = useStyles();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const me = useQuery(meQuery);
  const signOut = useSignOut();
  const [menuOpen, setMenuOpen] = useState(!narrow.matches);
  const [sheetOpen, setSheetOpen] = useState(false);
  const onGo = useCallback((path: string) => void navigate(path), [navigate]);
  const onSheet = useCallback(() => setSheetOpen(true), []);
  const { letters, choose } = useKeys({ go, onGo, onSheet });

  useEffect(() => {
    const changed = () => setMenuOpen(!narrow.matches);
    narrow.addEventListener("change", changed);
    return () => narrow.removeEventListener("change", changed);
  }, []);
  const shown = useMemo(() => areas.filter((area) => !area.area || me.data?.areas.some((a) => a.name === area.area && a.shown)), [me.data]);

  if (me.isPending) {
    return (
      <div className={styles.shell}>
        <div className={styles.barToCome} />
        <div className={styles.body}>
          <div className={mergeClasses(styles.navToCome, !menuOpen && styles.narrowToCome)} />
          <div className={styles.main}>
            <Loading what="your access" />
          </div>
        </div>
      </div>
    );
  }
  if (!me.data) return <Failed page error={me.error} what="your access" retry={() => void me.refetch()} />;
  const why = (area: Area) => me.data.areas.find((a) => a.name === area.area);
  return (
    <MeContext value={me.data}>
      <div className={styles.shell}>
        <a href="#content" className={styles.skip} onClick={() => document.getElementById("content")?.focus()}>
          Skip to the content
        </a>
        <TopBar
          user={me.data.user}
          displayName={me.data.displayName}
          roles={me.data.globalRoles}
          theme={look.choice}
          onTheme={look.choose}
          onMenu={() => setMenuOpen(!menuOpen)}
          menuOpen={menuOpen}
          onShortcuts={onSheet}
          onSignOut={(everywhere) => signOut.mutate(everywhere)}
        />
        {session.demo && (
          <aside aria-label="Demonstration" className={styles.demo}>
            <MessageBar intent="info" shape="square">
              <MessageBarBody>
                Demonstration: the people and the data are made up, and anybody here may sign in as anybody.{" "}
                <Link as="button" inline onClick={() => signOut.mutate(false)}>
                  Be somebody else
                </Link>
              </MessageBarBody>
            </MessageBar>
          </aside>
        )}
        <div className={styles.body}>
          <SideNav areas={shown} open={menuOpen} />
          <main id="content" className={styles.main} tabIndex={-1} data-landmark>
            <ErrorBoundary at={pathname}>
              <Suspense fallback={<Loading what="the page" />}>
                <Routes>
                  <Route path="/" element={<Navigate to={shown[0]?.path ?? "/access"} replace />} />
                  {areas.flatMap((area) => {
                    const refusal = area.area && !shown.includes(area) ? <Refused page area={area.label} reason={why(area)?.reason ?? ""} needs={why(area)?.needs} grantors={why(area)?.grantors} /> : null;
                    return [area, ...(area.pages ?? []), ...(area.routes ?? [])].map(({ path, page }) => (
                      <Route key={path} path={path} element={(!everyones.has(path) && refusal) || <Drawn page={page} />} />
                    ));
                  })}
                  {account.map(({ path, page }) => (
                    <Route key={path} path={path} element={<Drawn page={page} />} />
                  ))}
                  <Route path="*" element={<Missing page what="page" />} />
                </Routes>
              </Suspense>
            </ErrorBoundary>
          </main>
        </div>
        <Shortcuts open={sheetOpen} onClose={() => setSheetOpen(false)} keys={sheet} letters={letters} onLetters={choose} />
      </div>
    </MeContext>
  );
}

function Drawn({ page: Page }: { page: LazyExoticComponent<ComponentType> }) {
  return <Page />;
}
