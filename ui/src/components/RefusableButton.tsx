import { Button, Tooltip, type ButtonProps } from "@fluentui/react-components";
import { LockClosed16Regular } from "@fluentui/react-icons";
import { useReadOnly } from "./readOnly";

/**
 * RefusableButton is a command that this reader may be refused. It stays in place and focusable, and says why: the
 * reason is the server's, word by word.
 */
export function RefusableButton({ refusal: refused, icon, ...props }: ButtonProps & { refusal?: string | undefined }) {
  const readOnly = useReadOnly();
  const refusal = refused || readOnly;
  if (!refusal) return <Button icon={icon} {...(props as ButtonProps)} />;
  return (
    <Tooltip content={refusal} relationship="description" withArrow>
      <Button {...(props as ButtonProps)} icon={<LockClosed16Regular />} disabledFocusable onClick={undefined} />
    </Tooltip>
  );
}
