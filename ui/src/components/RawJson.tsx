import { Button, makeStyles, tokens } from "@fluentui/react-components";
import { Copy16Regular } from "@fluentui/react-icons";
import { useState } from "react";

const useStyles = makeStyles({
  box: { position: "relative" },
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
  copy: { position: "absolute", top: tokens.spacingVerticalS, right: tokens.spacingHorizontalL },
});

/** RawJson shows a thing as the API gave it. */
export function RawJson({ value }: { value: unknown }) {
  const styles = useStyles();
  const [copied, setCopied] = useState(false);
  const text = JSON.stringify(value, null, 2);
  async function copy() {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  }
  return (
    <div className={styles.box}>
      <Button className={styles.copy} size="small" icon={<Copy16Regular />} onClick={() => void copy()}>
        {copied ? "Copied" : "Copy"}
      </Button>
      <pre className={styles.text} tabIndex={0} aria-label="Raw JSON">
        {text}
      </pre>
    </div>
  );
}
