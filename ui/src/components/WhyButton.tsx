import { Button } from "@fluentui/react-components";
import { useState } from "react";
import { WhyNot, type Asked } from "./WhyNot";

/** WhyButton stands on a page that shows nothing, or not all, and tells by what rights that is so. */
export function WhyButton({ asked, children = "Why not?" }: { asked: Asked; children?: string }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>{children}</Button>
      {open && <WhyNot asked={asked} title={children} onClose={() => setOpen(false)} />}
    </>
  );
}
