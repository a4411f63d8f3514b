import { Button, Field, Input, MessageBar, MessageBarBody, MessageBarTitle, Select, makeStyles, tokens } from "@fluentui/react-components";
import { Copy16Regular, Delete16Regular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { tokenList, useCreateToken, useRevokeToken, type Token } from "../../api/directory";
import { Grid, type Column } from "../../components/Grid";
import { Name } from "../../components/labels";
import { Card, PageHeader, Section } from "../../components/layout";
import { Moment } from "../../components/Moment";
import { Empty, Failed, Loading } from "../../components/states";
import { useToast } from "../../components/toaster";
import { RefusableButton } from "../../components/RefusableButton";

const useStyles = makeStyles({
  page: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalXL, maxWidth: "960px" },
  form: { display: "flex", gap: tokens.spacingHorizontalM, alignItems: "flex-end", flexWrap: "wrap" },
  secret: { fontFamily: tokens.fontFamilyMonospace, overflowWrap: "anywhere", userSelect: "all" },
  made: { display: "flex", gap: tokens.spacingHorizontalM, alignItems: "center", flexWrap: "wrap" },
});

const lives = [
  ["1h", "1 hour"],
  ["24h", "1 day"],
  ["168h", "1 week"],
  ["720h", "30 days"],
  ["2160h", "90 days"],
] as const;

/** One's own API tokens. A token is shown once, when it is made, and never does more than its owner. */
export default function TokensPage() {
  const styles = useStyles();
  const { data, error, isPending, refetch } = useQuery(tokenList);
  return (
    <div className={styles.page}>
      <PageHeader title="API tokens" below="For your own tools. A token does what you may do at that moment, and nothing more." />
      <Create />
      {isPending ? (
        <Loading what="your tokens" rows={3} />
      ) : error ? (
        <Failed error={error} what="API tokens" retry={() => void refetch()} />
      ) : data.items.length === 0 ? (
        <Empty title="No tokens">Make one above to use the API from a script or a Graph client.</Empty>
      ) : (
        <Grid label="API tokens" columns={columns} items={data.items} id={(token) => token.id} />
      )}
    </div>
  );
}

const columns: readonly Column<Token>[] = [
  { id: "name", title: "Name", cell: (t) => <Name>{t.name}</Name>, width: "30%" },
  { id: "createdAt", title: "Made", cell: (t) => <Moment at={t.createdAt} plain />, width: "22%" },
  { id: "expiresAt", title: "Ends", cell: (t) => (t.state === "revoked" ? "Revoked" : <Moment at={t.expiresAt} plain />), width: "22%" },
  { id: "revoke", title: "Revoke", cell: (t) => <Revoke token={t} />, width: "26%" },
];

function Revoke({ token }: { token: Token }) {
  const revoke = useRevokeToken();
  const toast = useToast();
  if (token.state !== "active") return null;
  return (
    <Button
      size="small"
      icon={<Delete16Regular />}
      aria-label={`Revoke ${token.name}`}
      disabledFocusable={revoke.isPending}
      onClick={() => revoke.mutate(token.id, { onSuccess: () => toast("success", `${token.name} works no longer`), onError: (e) => toast("error", "Not revoked", e.message) })}
    >
      Revoke
    </Button>
  );
}

function Create() {
  const styles = useStyles();
  const [name, setName] = useState("");
  const [ttl, setTtl] = useState("24h");
  const [copied, setCopied] = useState(false);
  const create = useCreateToken();
  const made = create.data;
  return (
    <Card>
      <Section title="Make a token" level="h2">
        <form
          className={styles.form}
          onSubmit={(event) => {
            event.preventDefault();
            if (name.trim() === "") return;
            setCopied(false);
            create.mutate({ name: name.trim(), ttl }, { onSuccess: () => setName("") });
          }}
        >
          <Field label="What is it for" required>
            <Input value={name} onChange={(_, data) => setName(data.value)} />
          </Field>
          <Field label="Lives for">
            <Select value={ttl} onChange={(_, data) => setTtl(data.value)}>
              {lives.map(([value, label]) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </Select>
          </Field>
          <RefusableButton type="submit" appearance="primary" disabledFocusable={create.isPending || name.trim() === ""}>
            Make the token
          </RefusableButton>
        </form>
        {create.error && (
          <MessageBar intent="error" layout="multiline">
            <MessageBarBody>{create.error.message}</MessageBarBody>
          </MessageBar>
        )}
        {made && (
          <MessageBar intent="success" layout="multiline">
            <MessageBarBody>
              <MessageBarTitle>Copy it now: it is not shown again</MessageBarTitle>
              <span className={styles.made}>
                <code className={styles.secret}>{made.token}</code>
                <Button size="small" icon={<Copy16Regular />} onClick={() => void navigator.clipboard.writeText(made.token).then(() => setCopied(true))}>
                  {copied ? "Copied" : "Copy"}
                </Button>
              </span>
            </MessageBarBody>
          </MessageBar>
        )}
      </Section>
    </Card>
  );
}
