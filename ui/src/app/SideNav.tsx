import { Tooltip, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { useLocation } from "react-router";
import type { Area } from "./routes";

const useStyles = makeStyles({
  nav: {
    flexShrink: 0,
    overflowY: "auto",
    overflowX: "hidden",
    paddingBlock: tokens.spacingVerticalS,
    backgroundColor: tokens.colorNeutralBackground2,
    borderRight: `1px solid ${tokens.colorNeutralStroke2}`,
    width: "232px",
    "@media print": { display: "none" },
  },
  narrow: { width: "48px" },
  list: { listStyleType: "none", margin: 0, padding: `0 ${tokens.spacingHorizontalXS}` },
  link: {
    position: "relative",
    display: "flex",
    alignItems: "center",
    gap: tokens.spacingHorizontalM,
    minHeight: "36px",
    paddingInline: "10px",
    marginBlock: "1px",
    borderRadius: tokens.borderRadiusMedium,
    color: tokens.colorNeutralForeground1,
    textDecorationLine: "none",
    whiteSpace: "nowrap",
    ":hover": { backgroundColor: tokens.colorNeutralBackground2Hover },
    ":focus-visible": { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: "-2px" },
  },
  here: {
    fontWeight: tokens.fontWeightSemibold,
    backgroundColor: tokens.colorNeutralBackground1Selected,
    "::before": {
      content: '""',
      position: "absolute",
      left: 0,
      top: "8px",
      bottom: "8px",
      width: "3px",
      borderRadius: tokens.borderRadiusCircular,
      backgroundColor: tokens.colorBrandBackground,
    },
  },
  icon: { display: "inline-flex", flexShrink: 0, fontSize: "20px" },
  sub: { paddingLeft: "42px", paddingRight: 0, whiteSpace: "normal" },
});

/** SideNav draws the areas it is given, and nothing of those it is not. */
export function SideNav({ areas, open }: { areas: readonly Area[]; open: boolean }) {
  const styles = useStyles();
  const { pathname } = useLocation();
  const within = (path: string) => pathname === path || pathname.startsWith(`${path}/`);
  return (
    <nav className={mergeClasses(styles.nav, !open && styles.narrow)} aria-label="Areas" tabIndex={-1} data-landmark>
      <ul className={styles.list}>
        {areas.map((area) => {
          const here = within(area.path);
          const link = (
            <a href={area.home ?? area.path} className={mergeClasses(styles.link, here && styles.here)} aria-current={pathname === area.path ? "page" : here ? "true" : undefined} aria-label={open ? undefined : area.label}>
              <span className={styles.icon} aria-hidden>
                {area.icon}
              </span>
              {open && area.label}
            </a>
          );
          return (
            <li key={area.path}>
              {open ? link : <Tooltip content={area.label} relationship="label" positioning="after">{link}</Tooltip>}
              {open && here && area.pages && (
                <ul className={styles.list}>
                  {area.pages.map((page) => (
                    <li key={page.path}>
                      <a href={page.path} className={mergeClasses(styles.link, styles.sub, within(page.path) && styles.here)} aria-current={within(page.path) ? "page" : undefined}>
                        {page.label}
                      </a>
                    </li>
                  ))}
                </ul>
              )}
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
