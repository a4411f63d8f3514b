import { Button, Tooltip, type ButtonProps } from "@fluentui/react-components";
import { LockClosed16Regular } from "@fluentui/react-icons";
import { useState, type KeyboardEvent, type SyntheticEvent } from "react";
import type { Refusal } from "../api/errors";
import { stop } from "../lib/words";
import { useReadOnly } from "./readOnly";
import { WhyNot } from "./WhyNot";

/**
 * RefusableButton is a command that this reader may be refused. It stays in place and focusable, and says why: the
 * reason is the server's, word by word. Pressed all the same, it explains.
 */
export function RefusableButton({ refusal: refused, icon, ...props }: ButtonProps & { refusal?: Refusal | string | undefined }) {
  const readOnly = useReadOnly();
  const [asking, setAsking] = useState(false);
  const refusal = refused ?? readOnly;
  if (!refusal) return <Button icon={icon} {...(props as ButtonProps)} />;
  const asked = typeof refusal === "string" ? { reason: refusal } : refusal;
  // A button that is refused takes no press itself; what stands around it hears of it first.
  function ask(event: SyntheticEvent) {
    event.preventDefault();
    event.stopPropagation();
    setAsking(true);
  }
  const key = (event: KeyboardEvent) => (event.key === "Enter" || event.key === " ") && ask(event);
  return (
    <>
      <span style={{ display: "contents" }} onClickCapture={ask} onKeyDownCapture={key}>
        <Tooltip content={`${stop(asked.reason)} Press for why not.`} relationship="description" withArrow>
          <Button {...(props as ButtonProps)} icon={<LockClosed16Regular />} disabledFocusable aria-haspopup="dialog" onClick={undefined} />
        </Tooltip>
      </span>
      {asking && <WhyNot asked={asked} onClose={() => setAsking(false)} />}
    </>
  );
}
