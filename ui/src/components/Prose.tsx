import { makeStyles, tokens } from "@fluentui/react-components";
import { SafeMarkdown } from "./SafeMarkdown";

const useStyles = makeStyles({
  prose: {
    maxWidth: "860px",
    overflowWrap: "anywhere",
    lineHeight: tokens.lineHeightBase400,
    "& p, & ul, & ol, & blockquote": { marginBlock: tokens.spacingVerticalM },
    "& li": { marginBlock: tokens.spacingVerticalXS },
    "& h2": { fontSize: tokens.fontSizeBase500, lineHeight: tokens.lineHeightBase500, marginTop: tokens.spacingVerticalXL, marginBottom: tokens.spacingVerticalS },
    "& h3, & h4, & h5, & h6": { fontSize: tokens.fontSizeBase400, lineHeight: tokens.lineHeightBase400, marginTop: tokens.spacingVerticalL, marginBottom: tokens.spacingVerticalS },
    "& code": { fontFamily: tokens.fontFamilyMonospace, fontSize: "0.92em", backgroundColor: tokens.colorNeutralBackground3, borderRadius: tokens.borderRadiusSmall, paddingInline: "3px" },
    "& pre": { backgroundColor: tokens.colorNeutralBackground3, borderRadius: tokens.borderRadiusMedium, padding: tokens.spacingHorizontalM, overflowX: "auto", overflowWrap: "normal" },
    "& pre code": { padding: 0, backgroundColor: "transparent" },
    "& blockquote": { marginInline: 0, paddingLeft: tokens.spacingHorizontalL, borderLeft: `3px solid ${tokens.colorNeutralStroke1}` },
    "& table": { borderCollapse: "collapse", width: "100%" },
    "& th, & td": { textAlign: "start", verticalAlign: "top", padding: `${tokens.spacingVerticalXS} ${tokens.spacingHorizontalS}`, borderBottom: `1px solid ${tokens.colorNeutralStroke2}` },
    "& a": { color: tokens.colorBrandForegroundLink },
    "& hr": { border: "none", borderTop: `1px solid ${tokens.colorNeutralStroke2}` },
    // Text that turns its direction around stays within its own block.
    "& p, & li, & td, & th, & h2, & h3, & h4, & h5, & h6, & code": { unicodeBidi: "isolate" },
  },
  wide: { overflowX: "auto" },
});

/** Prose shows Markdown as text that is read. */
export function Prose({ text }: { text: string }) {
  const styles = useStyles();
  return (
    <div className={styles.prose}>
      <SafeMarkdown text={text} wide={styles.wide} />
    </div>
  );
}
