import { Button, Link, Spinner, Tab, TabList, Text, makeStyles, tokens } from "@fluentui/react-components";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { whoMay, type Thing } from "../api/access";
import { said } from "../api/errors";
import { useMe } from "../api/session";
import { count } from "../lib/words";
import { Details } from "./Details";
import { Section } from "./layout";
import { Nothing } from "./labels";
import { PathLine } from "./Proof";

const useStyles = makeStyles({
  list: { listStyleType: "none", margin: 0, padding: 0, display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM },
  person: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalXS },
});

interface WhoMayProps {
  thing: Thing;
  id: string;
  /** What can be done with it: the first is to see it. */
  acts: readonly (readonly [capability: string, label: string])[];
}

/** WhoMay lists everyone who may see a thing, or act on it, with why; for who may view roles. */
export function WhoMay({ thing, id, acts }: WhoMayProps) {
  const me = useMe();
  const [capability, choose] = useState(acts[0]?.[0] ?? "");
  if (!me.viewsOthers) return null;
  return (
    <Section title="Who may">
      <TabList size="small" selectedValue={capability} onTabSelect={(_, data) => choose(data.value as string)} aria-label="Who may">
        {acts.map(([value, label]) => (
          <Tab key={value} value={value}>
            {label}
          </Tab>
        ))}
      </TabList>
      <People key={capability} thing={thing} id={id} capability={capability} />
    </Section>
  );
}

/** WhoMayButton opens the same in a drawer. */
export function WhoMayButton(props: WhoMayProps & { title: string }) {
  const me = useMe();
  const [open, setOpen] = useState(false);
  if (!me.viewsOthers) return null;
  const key = `who-${props.thing}-${props.id}`;
  return (
    <>
      <Button size="small" data-row={key} aria-label={`Who may see and act on ${props.title}`} onClick={() => setOpen(true)}>
        Who may?
      </Button>
      {open && (
        <Details title={props.title} row={key} onClose={() => setOpen(false)}>
          <WhoMay {...props} />
        </Details>
      )}
    </>
  );
}

function People({ thing, id, capability }: { thing: Thing; id: string; capability: string }) {
  const styles = useStyles();
  const { data, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(whoMay(thing, id, capability));
  if (isPending) return <Spinner size="small" label="Looking who" />;
  if (error) return <Text>{said(error)}</Text>;
  const people = data.pages.flatMap((page) => page.items);
  const total = data.pages[0]?.total ?? 0;
  if (people.length === 0) return <Nothing>Nobody</Nothing>;
  return (
    <>
      <Text aria-live="polite">{count(total, "person", "people")}</Text>
      <ul className={styles.list}>
        {people.map((person) => (
          <li key={person.user} className={styles.person}>
            <Link href={`/access?person=${encodeURIComponent(person.user)}`}>{person.displayName ? `${person.displayName} (${person.user})` : person.user}</Link>
            {person.paths.map((path, i) => (
              <PathLine key={i} path={path} />
            ))}
          </li>
        ))}
      </ul>
      {hasNextPage && (
        <div>
          <Button size="small" disabledFocusable={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {`Show more of ${total.toLocaleString()}`}
          </Button>
        </div>
      )}
    </>
  );
}
