import { SearchBox, makeStyles } from "@fluentui/react-components";
import { useEffect, useState } from "react";

const useStyles = makeStyles({ box: { width: "280px" } });

interface SearchFieldProps {
  label: string;
  value: string;
  onSearch: (text: string) => void;
}

/** SearchField searches when the writing pauses, or at once on Enter. */
export function SearchField({ label, value, onSearch }: SearchFieldProps) {
  const styles = useStyles();
  const [text, setText] = useState(value);
  const [seen, setSeen] = useState(value);
  const [sent, setSent] = useState(value);
  // A value that did not come from here, such as a cleared filter, replaces what was written.
  if (value !== seen) {
    setSeen(value);
    if (value !== sent) setText(value);
  }
  useEffect(() => {
    if (text.trim() === value) return;
    const timer = setTimeout(() => {
      setSent(text.trim());
      onSearch(text.trim());
    }, 400);
    return () => clearTimeout(timer);
  }, [text, value, onSearch]);
  return (
    <SearchBox
      data-search
      className={styles.box}
      size="small"
      aria-label={label}
      placeholder={label}
      value={text}
      onChange={(_, data) => setText(data.value)}
      onKeyDown={(event) => {
        if (event.key !== "Enter") return;
        setSent(text.trim());
        onSearch(text.trim());
      }}
    />
  );
}
