import { Badge, Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, DialogTrigger, Text, makeStyles, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { hunts, useForgetHunts, type Hunt } from "../../api/hunting";
import { Moment } from "../../components/Moment";
import { RefusableButton } from "../../components/RefusableButton";
import { Failed, Loading } from "../../components/states";
import { took } from "../../lib/huntTabs";
import { count } from "../../lib/words";

const useStyles = makeStyles({
  pane: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalS, minHeight: 0, height: "100%" },
  list: { listStyleType: "none", margin: 0, padding: 0, overflowY: "auto", minHeight: 0, flexGrow: 1 },
  item: { display: "flex", flexDirection: "column", gap: "2px", padding: "6px 0", borderBottom: `1px solid ${tokens.colorNeutralStroke3}` },
  open: { justifyContent: "flex-start", textAlign: "start", fontFamily: tokens.fontFamilyMonospace, fontWeight: tokens.fontWeightRegular, fontSize: tokens.fontSizeBase200, overflow: "hidden", paddingInline: "4px" },
  text: { display: "-webkit-box", WebkitLineClamp: "2", WebkitBoxOrient: "vertical", overflow: "hidden", overflowWrap: "anywhere", whiteSpace: "pre-wrap" },
  line: { display: "flex", gap: tokens.spacingHorizontalS, flexWrap: "wrap", alignItems: "center", color: tokens.colorNeutralForeground3, paddingInline: "4px" },
});

const states: Readonly<Record<string, readonly [label: string, colour: "success" | "danger" | "warning" | "informative"]>> = {
  completed: ["Completed", "success"], cut: ["Cut at the limit", "warning"], failed: ["Failed", "danger"], cancelled: ["Cancelled", "informative"],
};

/** HistoryPane lists what this reader ran in the last 30 days, with what it took. Nobody else sees it. */
export function HistoryPane({ onOpen }: { onOpen: (hunt: Hunt) => void }) {
  const styles = useStyles();
  const list = useQuery(hunts);
  const forget = useForgetHunts();
  if (list.isPending) return <Loading what="history" />;
  if (list.isError) return <Failed error={list.error} what="history" retry={() => void list.refetch()} />;
  if (list.data.items.length === 0) return <Text>What you run is listed here for 30 days, for you alone.</Text>;
  return (
    <div className={styles.pane}>
      <Text size={200}>{`${count(list.data.total, "run")} in the last 30 days, seen by you alone`}</Text>
      <ul className={styles.list} aria-label="History">
        {list.data.items.map((hunt) => {
          const [label, colour] = states[hunt.state] ?? [hunt.state, "informative"];
          return (
            <li key={hunt.id} className={styles.item}>
              <Button size="small" appearance="subtle" className={styles.open} title={hunt.query.slice(0, 600)} onClick={() => onOpen(hunt)}>
                <span className={styles.text}>{hunt.query.trim().slice(0, 200)}</span>
              </Button>
              <div className={styles.line}>
                <Badge size="small" appearance="tint" color={colour}>{label}</Badge>
                <Text size={200}><Moment at={hunt.at} plain /></Text>
                <Text size={200}>{hunt.state === "failed" ? (hunt.problem ?? "") : `${count(hunt.rows, "row")}, ${took(hunt.tookMs)}, ${hunt.usage} use`}</Text>
              </div>
            </li>
          );
        })}
      </ul>
      <Dialog modalType="alert">
        <DialogTrigger disableButtonEnhancement><RefusableButton size="small" disabledFocusable={forget.isPending}>Forget my history</RefusableButton></DialogTrigger>
        <DialogSurface>
          <DialogBody>
            <DialogTitle>Forget your history?</DialogTitle>
            <DialogContent>{`What you ran is gone from this list for good: ${count(list.data.total, "run")}.`}</DialogContent>
            <DialogActions fluid>
              <DialogTrigger disableButtonEnhancement><Button appearance="primary" onClick={() => forget.mutate()}>Forget it</Button></DialogTrigger>
              <DialogTrigger disableButtonEnhancement><Button>Keep it</Button></DialogTrigger>
            </DialogActions>
          </DialogBody>
        </DialogSurface>
      </Dialog>
    </div>
  );
}
