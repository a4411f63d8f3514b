import {
  Button,
  DrawerBody,
  DrawerFooter,
  DrawerHeader,
  DrawerHeaderTitle,
  OverlayDrawer,
  makeStyles,
  mergeClasses,
  tokens,
} from "@fluentui/react-components";
import { ChevronDown20Regular, ChevronUp20Regular, Dismiss20Regular } from "@fluentui/react-icons";
import type { ReactNode } from "react";
import { focusRow } from "./Grid";

const useStyles = makeStyles({
  drawer: { width: "min(640px, 100vw)" },
  wide: { width: "min(900px, 100vw)" },
  // Whoever views the portal as somebody sees that beside a drawer, too.
  below: { top: "var(--view-bar, 0px)", height: "auto" },
  body: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalL, paddingBottom: tokens.spacingVerticalXXL, "& [role=tablist]": { flexWrap: "wrap" } },
  title: { overflowWrap: "anywhere" },
  actions: { display: "flex", flexShrink: 0 },
  footer: { borderTop: `1px solid ${tokens.colorNeutralStroke2}`, flexWrap: "wrap" },
});

interface DetailsProps {
  title: string;
  /** The row it was opened from: the focus returns there. */
  row?: string | null | undefined;
  wide?: boolean;
  onClose: () => void;
  onPrevious?: (() => void) | undefined;
  onNext?: (() => void) | undefined;
  footer?: ReactNode;
  children: ReactNode;
}

/** Details is the drawer that opens from a row. Esc closes it and the focus goes back to the row. */
export function Details({ title, row, wide, onClose, onPrevious, onNext, footer, children }: DetailsProps) {
  const styles = useStyles();
  function close() {
    onClose();
    // After the drawer has let go of the focus.
    if (row) requestAnimationFrame(() => requestAnimationFrame(() => focusRow(row)));
  }
  return (
    <OverlayDrawer
      open
      position="end"
      modalType="non-modal"
      className={mergeClasses(wide ? styles.wide : styles.drawer, styles.below)}
      aria-label={title}
      onOpenChange={(_, data) => !data.open && close()}
      onKeyDown={(event) => {
        if (event.key === "Escape" && !event.defaultPrevented) close();
      }}
    >
      <DrawerHeader>
        <DrawerHeaderTitle
          heading={{ className: styles.title, as: "h2" }}
          action={
            <span className={styles.actions}>
              {(onPrevious || onNext) && (
                <>
                  <Button appearance="subtle" aria-label="Previous" icon={<ChevronUp20Regular />} disabledFocusable={!onPrevious} onClick={onPrevious} />
                  <Button appearance="subtle" aria-label="Next" icon={<ChevronDown20Regular />} disabledFocusable={!onNext} onClick={onNext} />
                </>
              )}
              <Button appearance="subtle" aria-label="Close" icon={<Dismiss20Regular />} onClick={close} />
            </span>
          }
        >
          {title}
        </DrawerHeaderTitle>
      </DrawerHeader>
      <DrawerBody>
        <div className={styles.body}>{children}</div>
      </DrawerBody>
      {footer && <DrawerFooter className={styles.footer}>{footer}</DrawerFooter>}
    </OverlayDrawer>
  );
}
