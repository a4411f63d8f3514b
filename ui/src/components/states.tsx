import {
  Button,
  Skeleton,
  SkeletonItem,
  Text,
  Title3,
  makeStyles,
  tokens,
} from "@fluentui/react-components";
import { DocumentSearchRegular, ErrorCircle48Regular, LockClosed48Regular, MailInbox48Regular } from "@fluentui/react-icons";
import { useEffect, type ReactNode } from "react";
import { ApiError } from "../api/errors";
import { period, workloadLabel } from "../lib/words";
import { Facts } from "./layout";
import { WhyButton } from "./WhyButton";
import type { Asked } from "./WhyNot";

const useStyles = makeStyles({
  centre: {
    display: "flex",
    flexDirection: "column",
    alignItems: "center",
    textAlign: "center",
    gap: tokens.spacingVerticalM,
    maxWidth: "560px",
    margin: "48px auto",
  },
  icon: { color: tokens.colorNeutralForeground3 },
  quiet: { color: tokens.colorNeutralForeground3 },
  rows: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM, paddingTop: tokens.spacingVerticalM },
  needs: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalS, textAlign: "left" },
  actions: { display: "flex", gap: tokens.spacingHorizontalS },
});

interface StateProps {
  icon: ReactNode;
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
  /** It is the whole page, so its title is the page's. */
  page?: boolean | undefined;
}

function State({ icon, title, children, actions, page = false }: StateProps) {
  const styles = useStyles();
  useEffect(() => {
    if (page) document.title = `${title} - Bailiwick`;
  }, [page, title]);
  return (
    <div className={styles.centre} role="status">
      <span className={styles.icon} aria-hidden>
        {icon}
      </span>
      <Title3 align="center" as={page ? "h1" : "h2"}>{title}</Title3>
      {children}
      {actions && <div className={styles.actions}>{actions}</div>}
    </div>
  );
}

/** Loading keeps the place of what is coming. */
export function Loading({ rows = 8, what }: { rows?: number; what: string }) {
  const styles = useStyles();
  return (
    <Skeleton aria-label={`Loading ${what}`} className={styles.rows}>
      {Array.from({ length: rows }, (_, i) => (
        <SkeletonItem key={i} size={24} />
      ))}
    </Skeleton>
  );
}

/** Empty says why there is nothing and what to do about it; what is cut to the reader's rights tells by which, too. */
export function Empty({ title, children, actions, why }: Omit<StateProps, "icon"> & { why?: Asked }) {
  const all = why ? (
    <>
      <WhyButton asked={why}>Why is this empty?</WhyButton>
      {actions}
    </>
  ) : (
    actions
  );
  return (
    <State icon={<MailInbox48Regular />} title={title} actions={all}>
      <Text align="center">{children}</Text>
    </State>
  );
}

/** Missing is the answer for what does not exist and for what is out of reach: the two look the same on purpose. */
export function Missing({ what, page }: { what: string; page?: boolean | undefined }) {
  return (
    <State icon={<DocumentSearchRegular fontSize={48} />} title={`No such ${what}`} page={page} actions={<Button onClick={() => history.back()}>Go back</Button>}>
      <Text>It does not exist, or it is not part of what you may see.</Text>
    </State>
  );
}

interface RefusedProps {
  area: string;
  reason: string;
  /** What would open it: in a product, any one of these. */
  needs?: readonly { capability?: string; workload: string; anyOf: readonly string[] }[] | undefined;
  /** What it takes, where no needs say so. */
  capability?: string | undefined;
  grantors?: string | undefined;
  requestId?: string | undefined;
  page?: boolean | undefined;
}

/** Refused is the page of a known area that this reader has no right to; the reason is the server's. */
export function Refused({ area, reason, needs = [], capability = needs[0]?.capability, grantors, requestId, page }: RefusedProps) {
  const styles = useStyles();
  return (
    <State
      icon={<LockClosed48Regular />}
      title={`You don't have access to ${area}`}
      page={page}
      actions={
        <>
          {capability && <WhyButton asked={{ capability, workloads: needs.filter((need) => need.capability === capability).map((need) => need.workload) }} />}
          <Button as="a" href="/access">
            See my access
          </Button>
        </>
      }
    >
      <Text>{period(reason)}</Text>
      {needs.length > 0 && (
        <div className={styles.needs}>
          <Text weight="semibold">Any one of these opens it</Text>
          <Facts items={byWorkload(needs)} />
        </div>
      )}
      {grantors && <Text align="center">{`It can be granted by ${grantors}.`}</Text>}
      {requestId && <Text size={200} className={styles.quiet}>{`Request ${requestId}`}</Text>}
    </State>
  );
}

/** byWorkload puts together what opens an area in one product by different rights: any one is enough. */
function byWorkload(needs: NonNullable<RefusedProps["needs"]>): [string, string][] {
  const found = new Map<string, Set<string>>();
  for (const { workload, anyOf } of needs) found.set(workload, new Set([...(found.get(workload) ?? []), ...anyOf]));
  return [...found].map(([workload, names]) => [workloadLabel(workload), [...names].join("; ")]);
}

/** within is a name as it stands within a sentence. */
const within = (what: string) => what.replace(/^the /i, "").replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase());

interface FailedProps {
  error: unknown;
  what: string;
  retry?: () => void;
  page?: boolean;
}

/** Failed shows an error of the server or of the way to it, with the id that finds it in the log. */
export function Failed({ error, what, retry, page }: FailedProps) {
  const styles = useStyles();
  if (error instanceof ApiError && error.status === 404) return <Missing what={what} page={page} />;
  if (error instanceof ApiError && error.status === 403) {
    return <Refused area={what} reason={error.message} capability={error.capability} requestId={error.requestId} page={page} />;
  }
  const reason = error instanceof Error ? error.message : String(error);
  return (
    <State
      icon={<ErrorCircle48Regular />}
      title={`Could not load the ${within(what)}`}
      page={page}
      actions={retry && <Button onClick={retry}>Try again</Button>}
    >
      <Text>{reason}</Text>
      {error instanceof ApiError && error.requestId && (
        <Text size={200} className={styles.quiet}>{`Request ${error.requestId}`}</Text>
      )}
    </State>
  );
}
