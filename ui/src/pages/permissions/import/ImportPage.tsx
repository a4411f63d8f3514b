import { Button, Checkbox, Field, MessageBar, MessageBarBody, MessageBarTitle, Radio, RadioGroup, Tag, TagGroup, Text, makeStyles, tokens } from "@fluentui/react-components";
import { ArrowUpload20Regular } from "@fluentui/react-icons";
import { useRef, useState } from "react";
import { useSearchParams } from "react-router";
import { useApplyImport, usePlanImport, type ImportChoice } from "../../../api/imports";
import { Card, PageHeader } from "../../../components/layout";
import { useToast } from "../../../components/toaster";
import { products, toBase64, type Product } from "../../../lib/imports";
import { PermissionsCrumbs } from "../PermissionsCrumbs";
import { Refused } from "../policy/Drift";
import { ImportPreview } from "./ImportPreview";

const useStyles = makeStyles({
  page: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalL, maxWidth: "1100px" },
  form: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalM },
  commands: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS, alignItems: "center" },
  hint: { color: tokens.colorNeutralForeground3 },
});

interface Chosen {
  name: string;
  base64: string;
}

/** Import: what another product exports, previewed first, with what conflicts decided one by one. What is imported is what was shown. */
export default function ImportPage() {
  const styles = useStyles();
  const toast = useToast();
  const [search, setSearch] = useSearchParams();
  const product: Product = products.find((p) => p.id === search.get("product")) ?? (products[0] as Product);
  const [files, setFiles] = useState<readonly Chosen[]>([]);
  const [partial, setPartial] = useState(false);
  const [choices, setChoices] = useState<Record<string, ImportChoice>>({});
  const picker = useRef<HTMLInputElement>(null);
  const plan = usePlanImport();
  const apply = useApplyImport();
  const question = (decided: Record<string, ImportChoice>) => ({ product: product.id, files: [...files], partial, choices: decided });

  // A preview is of these files and of no others.
  function reset() {
    plan.reset();
    apply.reset();
    setChoices({});
  }
  async function read(picked: FileList | null) {
    if (!picked) return;
    const more = await Promise.all([...picked].map(async (file) => ({ name: file.name, base64: toBase64(new Uint8Array(await file.arrayBuffer())) })));
    setFiles([...files.filter((old) => !more.some((one) => one.name === old.name)), ...more]);
    reset();
  }
  function preview() {
    apply.reset();
    plan.mutate(question(choices));
  }
  function decide(id: string, choice: ImportChoice) {
    const decided = { ...choices, [id]: choice };
    setChoices(decided);
    plan.mutate(question(decided));
  }
  function importIt() {
    if (!plan.data) return;
    apply.mutate({ ...question(choices), revision: plan.data.revision }, {
      onSuccess: () => {
        toast("success", `Imported from ${product.label}`);
        plan.reset();
      },
    });
  }
  return (
    <>
      <PageHeader
        title="Import"
        above={<PermissionsCrumbs here="Import" />}
        below="What other products grant already: roles, members, device groups and people, from their own exports. Begin with the directory."
      />
      <div className={styles.page}>
        <Card className={styles.form}>
          <Field label="Product">
            <RadioGroup
              layout="horizontal"
              value={product.id}
              onChange={(_, data) => {
                setSearch({ product: data.value }, { replace: true });
                setFiles([]);
                reset();
              }}
            >
              {products.map(({ id, label }) => (
                <Radio key={id} value={id} label={label} />
              ))}
            </RadioGroup>
          </Field>
          <Text className={styles.hint}>{product.takes}</Text>
          <div className={styles.commands}>
            <input
              ref={picker}
              type="file"
              multiple
              accept=".json,.csv,application/json,text/csv"
              hidden
              aria-label="Exports"
              onChange={(event) => {
                void read(event.target.files);
                event.target.value = "";
              }}
            />
            <Button icon={<ArrowUpload20Regular />} onClick={() => picker.current?.click()}>Choose exports</Button>
            {files.length === 0 && <Text className={styles.hint}>All that name each other, in one go</Text>}
          </div>
          {files.length > 0 && (
            <TagGroup
              aria-label="Chosen exports"
              className={styles.commands}
              onDismiss={(_, { value }) => {
                setFiles(files.filter((file) => file.name !== value));
                reset();
              }}
            >
              {files.map(({ name }) => (
                <Tag key={name} value={name} dismissible dismissIcon={{ "aria-label": `Remove ${name}` }}>
                  {name}
                </Tag>
              ))}
            </TagGroup>
          )}
          <Checkbox
            label="This is not all that the product has: remove nothing"
            checked={partial}
            onChange={(_, data) => {
              setPartial(data.checked === true);
              reset();
            }}
          />
          <div className={styles.commands}>
            <Button appearance="primary" disabledFocusable={files.length === 0 || plan.isPending} onClick={preview}>Preview</Button>
          </div>
        </Card>
        {plan.error && <Refused title="No preview" error={plan.error} />}
        {apply.error && <Refused title="Not imported" error={apply.error} />}
        {apply.data && !plan.data && (
          <MessageBar intent="success" layout="multiline">
            <MessageBarBody>
              <MessageBarTitle>Imported</MessageBarTitle>
              {`The policy is at revision ${String(apply.data.revision)}. What was imported shows where it came from.`}
            </MessageBarBody>
          </MessageBar>
        )}
        {plan.data && <ImportPreview plan={plan.data} pending={plan.isPending || apply.isPending} choices={choices} onDecide={decide} onImport={importIt} />}
      </div>
    </>
  );
}
