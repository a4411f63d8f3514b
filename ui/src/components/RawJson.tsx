import { Button, Text, makeStyles, tokens } from "@fluentui/react-components";
import { ArrowDownload16Regular, Copy16Regular } from "@fluentui/react-icons";
import { useMemo, useState } from "react";
import { cut } from "./CutText";

const useStyles = makeStyles({
  bar: { display: "flex", flexWrap: "wrap", alignItems: "center", justifyContent: "flex-end", gap: tokens.spacingHorizontalS, paddingBottom: tokens.spacingVerticalS },
  said: { flexGrow: 1 },
  text: {
    margin: 0,
    padding: tokens.spacingHorizontalM,
    maxHeight: "60vh",
    overflow: "auto",
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase300,
    backgroundColor: tokens.colorNeutralBackground3,
    borderRadius: tokens.borderRadiusMedium,
    whiteSpace: "pre-wrap",
    overflowWrap: "anywhere",
  },
});

// As much as a browser lays out at once without a pause. The rest is in the file.
const most = 100_000;

/** RawJson shows a thing as the API gave it: of a very long one the beginning, and the whole as a file. */
export function RawJson({ value, name }: { value: unknown; name?: string }) {
  const styles = useStyles();
  const [copied, setCopied] = useState(false);
  const text = useMemo(() => JSON.stringify(value, null, 2), [value]);
  async function copy() {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  }
  function download() {
    const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    const link = Object.assign(document.createElement("a"), { href: url, download: `${name ?? "raw"}.json` });
    link.click();
    URL.revokeObjectURL(url);
  }
  return (
    <div>
      <div className={styles.bar}>
        {text.length > most && <Text size={200} className={styles.said}>{`The first ${most.toLocaleString()} of ${text.length.toLocaleString()} characters`}</Text>}
        <Button size="small" icon={<Copy16Regular />} onClick={() => void copy()}>
          {copied ? "Copied" : "Copy"}
        </Button>
        {name && (
          <Button size="small" icon={<ArrowDownload16Regular />} onClick={download}>
            Download
          </Button>
        )}
      </div>
      <pre className={styles.text} tabIndex={0} aria-label="Raw JSON">
        {cut(text, most)}
      </pre>
    </div>
  );
}
