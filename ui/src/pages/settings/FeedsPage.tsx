import { Badge, Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, MessageBar, MessageBarBody, MessageBarTitle, Text, makeStyles, tokens } from "@fluentui/react-components";
import { Add20Regular, ArrowSync20Regular, ArrowUpload20Regular, Delete20Regular, Edit20Regular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { refusalOf, said } from "../../api/errors";
import { huntingFeeds, useFetchFeed, useLoadFeed, useRemoveFeed, useSaveFeed, type Feed } from "../../api/feeds";
import { Nothing } from "../../components/labels";
import { Card, Facts, PageHeader } from "../../components/layout";
import { Moment } from "../../components/Moment";
import { RefusableButton } from "../../components/RefusableButton";
import { Empty, Failed, Loading } from "../../components/states";
import { useToast } from "../../components/toaster";
import { list, workloadLabel } from "../../lib/words";
import { FeedEditor, kinds } from "./FeedEditor";
import { SettingsCrumbs } from "./SettingsCrumbs";

const useStyles = makeStyles({
  list: { listStyleType: "none", margin: 0, padding: 0, display: "flex", flexDirection: "column", gap: tokens.spacingVerticalS },
  row: { display: "grid", gridTemplateColumns: "minmax(0, 1fr) auto", gap: tokens.spacingHorizontalM, alignItems: "start" },
  about: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalS },
  name: { display: "flex", gap: tokens.spacingHorizontalS, alignItems: "center", flexWrap: "wrap", overflowWrap: "anywhere" },
  commands: { display: "flex", flexWrap: "wrap", alignItems: "center", justifyContent: "flex-end" },
  address: { display: "block", overflowWrap: "anywhere" },
});

/** Feeds: what hunting queries look up beside the tables, who may read it, and how loading goes. */
export default function FeedsPage() {
  const styles = useStyles();
  const toast = useToast();
  const { data, error, isPending, refetch } = useQuery(huntingFeeds);
  const save = useSaveFeed();
  const remove = useRemoveFeed();
  const [editing, setEditing] = useState<Feed | "new" | null>(null);
  const [deleting, setDeleting] = useState<Feed | null>(null);
  function edit(which: Feed | "new" | null) {
    save.reset();
    setEditing(which);
  }
  return (
    <>
      <PageHeader
        title="Feeds"
        above={<SettingsCrumbs here="Feeds" />}
        below="What hunting queries look up beside the tables. The server fetches a feed on its schedule, or a file is loaded by hand; no query fetches anything."
        commands={
          <RefusableButton appearance="primary" icon={<Add20Regular />} refusal={refusalOf(data?.["@bailiwick.actions"].create)} onClick={() => edit("new")}>
            Add feed
          </RefusableButton>
        }
      />
      {isPending ? (
        <Loading what="the feeds" />
      ) : error ? (
        <Failed error={error} what="Feeds" retry={() => void refetch()} />
      ) : data.items.length === 0 ? (
        <Empty title="No feeds">Queries with externaldata, FileProfile() or geo_info_from_ip_address() have nothing to look up.</Empty>
      ) : (
        <ul className={styles.list}>
          {data.items.map((feed) => (
            <li key={feed.id}>
              <Card className={styles.row}>
                <About feed={feed} />
                <Commands feed={feed} onEdit={() => edit(feed)} onDelete={() => setDeleting(feed)} />
              </Card>
            </li>
          ))}
        </ul>
      )}
      {editing !== null && (
        <FeedEditor
          key={editing === "new" ? "" : editing.id}
          feed={editing === "new" ? undefined : editing}
          saving={save.isPending}
          error={save.error}
          onClose={() => edit(null)}
          onSave={(setting) =>
            save.mutate(editing === "new" ? { setting } : { id: editing.id, etag: editing.etag, setting }, {
              onSuccess: () => {
                toast("success", `Saved ${setting.name}`);
                edit(null);
              },
            })
          }
        />
      )}
      {deleting && (
        <Dialog open modalType="alert" onOpenChange={(_, event) => !event.open && setDeleting(null)}>
          <DialogSurface>
            <DialogBody>
              <DialogTitle>{`Delete ${deleting.name}?`}</DialogTitle>
              <DialogContent>
                <Text block>Its rows go with it, and queries that name it are refused.</Text>
                {remove.error && <Text block role="alert">{said(remove.error)}</Text>}
              </DialogContent>
              <DialogActions fluid>
                <RefusableButton
                  appearance="primary"
                  disabledFocusable={remove.isPending}
                  onClick={() =>
                    remove.mutate(deleting, {
                      onSuccess: () => {
                        toast("success", `Deleted ${deleting.name}`);
                        setDeleting(null);
                      },
                    })
                  }
                >
                  Delete
                </RefusableButton>
                <Button onClick={() => setDeleting(null)}>Keep it</Button>
              </DialogActions>
            </DialogBody>
          </DialogSurface>
        </Dialog>
      )}
    </>
  );
}

const states: Record<Feed["state"], { label: string; color: "success" | "warning" | "danger" }> = {
  loaded: { label: "Loaded", color: "success" },
  empty: { label: "Nothing loaded yet", color: "warning" },
  failing: { label: "Failing", color: "danger" },
};

function About({ feed }: { feed: Feed }) {
  const styles = useStyles();
  const { label, color } = states[feed.state];
  return (
    <div className={styles.about}>
      <div className={styles.name}>
        <Text as="h2" size={400} weight="semibold" style={{ margin: 0 }}>{feed.name}</Text>
        <Badge appearance="tint" color={color} shape="rounded">{label}</Badge>
      </div>
      {feed.problem && (
        <MessageBar intent="error" layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>The last attempt failed</MessageBarTitle>
            {`${feed.problem}. ${feed.rows > 0 ? "What was loaded before stays." : ""}`}
          </MessageBarBody>
        </MessageBar>
      )}
      <Facts
        items={[
          ["For", kinds[feed.kind]?.use ?? feed.kind],
          ["Named by", feed.kind === "rows" ? <span key="a">{[...feed.addresses, `feed:${feed.name}`].map((one) => <span key={one} className={styles.address}>{one}</span>)}</span> : "The function alone"],
          ["Read by", feed.kind !== "rows" ? "Whoever may hunt" : feed.readers.length > 0 ? `Who may hunt in ${list(feed.readers.map(workloadLabel))}` : <Nothing key="r">Nobody</Nothing>],
          ["Has", `${feed.rows.toLocaleString("en")} rows${feed.columns.length > 0 ? ` of ${list(feed.columns.slice(0, 6))}${feed.columns.length > 6 ? " and others" : ""}` : ""}`],
          ["Loaded", feed.loadedDateTime ? <span key="l"><Moment at={feed.loadedDateTime} plain />{feed.loadedBy ? ` by ${feed.loadedBy}` : ", fetched"}</span> : <Nothing key="l">Not yet</Nothing>],
          ["Fetched", feed.everyMinutes > 0 ? <span key="f">{`Every ${feed.everyMinutes} minutes`}{feed.nextDateTime && <>, next <Moment at={feed.nextDateTime} plain /></>}</span> : "No: it is loaded by hand"],
        ]}
      />
    </div>
  );
}

function Commands({ feed, onEdit, onDelete }: { feed: Feed; onEdit: () => void; onDelete: () => void }) {
  const styles = useStyles();
  const toast = useToast();
  const fetching = useFetchFeed();
  const loading = useLoadFeed();
  const chooser = useRef<HTMLInputElement>(null);
  const actions = feed["@bailiwick.actions"];
  return (
    <div className={styles.commands}>
      {feed.addresses.length > 0 && (
        <RefusableButton
          appearance="subtle"
          icon={<ArrowSync20Regular />}
          refusal={refusalOf(actions["fetch"])}
          disabledFocusable={fetching.isPending}
          aria-label={`Fetch ${feed.name} now`}
          onClick={() => fetching.mutate(feed.id, { onSuccess: () => toast("success", `${feed.name} is being fetched`), onError: (problem) => toast("error", `${feed.name} was not fetched`, said(problem)) })}
        >
          Fetch now
        </RefusableButton>
      )}
      <input
        ref={chooser}
        type="file"
        hidden
        aria-label={`A file for ${feed.name}`}
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = "";
          if (file) {
            loading.mutate({ id: feed.id, file }, {
              onSuccess: (now) => toast("success", `${feed.name} has ${now.rows.toLocaleString("en")} rows`),
              onError: (problem) => toast("error", `${file.name} was not loaded`, said(problem)),
            });
          }
        }}
      />
      <RefusableButton appearance="subtle" icon={<ArrowUpload20Regular />} refusal={refusalOf(actions["load"])} disabledFocusable={loading.isPending} aria-label={`Load a file into ${feed.name}`} onClick={() => chooser.current?.click()}>
        {loading.isPending ? "Loading" : "Load a file"}
      </RefusableButton>
      <RefusableButton appearance="subtle" data-row={feed.id} icon={<Edit20Regular />} aria-label={`Edit ${feed.name}`} refusal={refusalOf(actions["edit"])} onClick={onEdit} />
      <RefusableButton appearance="subtle" icon={<Delete20Regular />} aria-label={`Delete ${feed.name}`} refusal={refusalOf(actions["delete"])} onClick={onDelete} />
    </div>
  );
}
