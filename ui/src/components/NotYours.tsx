import { Text, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { LockClosed16Regular, LockClosed20Regular } from "@fluentui/react-icons";
import { extentWords, type AccessWords } from "../lib/analytics";
import { period } from "../lib/words";
import { WhyButton } from "./WhyButton";
import type { Asked } from "./WhyNot";

const useStyles = makeStyles({
  box: { display: "flex", flexDirection: "column", alignItems: "flex-start", gap: tokens.spacingVerticalS },
  page: { padding: tokens.spacingHorizontalXXL, border: `1px dashed ${tokens.colorNeutralStroke1}`, borderRadius: tokens.borderRadiusLarge, maxWidth: "720px" },
  line: { display: "inline-flex", alignItems: "center", gap: tokens.spacingHorizontalXS },
  quiet: { color: tokens.colorNeutralForeground2 },
  icon: { display: "inline-flex", color: tokens.colorNeutralForeground3 },
});

/** askedOf is what to ask to know why a part, or some of it, is not part of the reader's access. */
export function askedOf(access: AccessWords): Asked {
  const lacks = access.lacks ?? [];
  const capability = lacks[0]?.capability;
  return { reason: lacks.map((lack) => period(lack.needs)).join(" "), capability, workloads: lacks.filter((lack) => lack.capability === capability).map((lack) => lack.workload) };
}

/** NotYours stands where a part of a page is not part of the reader's access, and says what it takes: never a number. */
export function NotYours({ access, page = false }: { access: AccessWords; page?: boolean }) {
  const styles = useStyles();
  return (
    <div className={mergeClasses(styles.box, page && styles.page)} role={page ? "status" : undefined}>
      <span className={styles.line}>
        <span className={styles.icon} aria-hidden>
          <LockClosed20Regular />
        </span>
        <Text weight="semibold">Not part of your access</Text>
      </span>
      {(access.lacks ?? []).map((lack) => (
        <Text key={lack.workload} size={200} className={styles.quiet}>{period(lack.needs)}</Text>
      ))}
      <WhyButton asked={askedOf(access)} />
    </div>
  );
}

/** NotYoursCell is NotYours where there is room for a mark only. */
export function NotYoursCell() {
  const styles = useStyles();
  return (
    <span className={styles.line} title="Not part of your access">
      <span className={styles.icon} role="img" aria-label="Not part of your access">
        <LockClosed16Regular />
      </span>
    </span>
  );
}

/** Extent says of what the numbers of a part are, where they are not of everything. */
export function Extent({ access }: { access: AccessWords }) {
  const styles = useStyles();
  const words = extentWords(access);
  if (!words) return null;
  return (
    <div className={styles.box}>
      <Text size={200} className={styles.quiet}>{words}</Text>
      {(access.lacks ?? []).length > 0 && <WhyButton asked={askedOf(access)}>Why not all?</WhyButton>}
    </div>
  );
}
