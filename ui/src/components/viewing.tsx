import type { ButtonProps } from "@fluentui/react-components";
import { Eye20Regular } from "@fluentui/react-icons";
import { said } from "../api/errors";
import { useBeginView, type NewView } from "../api/view";
import { leave } from "../lib/kept";
import { RefusableButton } from "./RefusableButton";
import { useToast } from "./toaster";

interface ViewAsProps {
  of: NewView;
  /** What the page wants back when the view has ended: it finds it by lib/kept. */
  keep?: unknown;
  refusal?: string | undefined;
}

/** ViewAs begins to view the portal as a person, a role or a draft of one. */
export function ViewAs({ of, keep, refusal, ...props }: ViewAsProps & ButtonProps) {
  const begin = useBeginView();
  const toast = useToast();
  function view() {
    begin.mutate(of, {
      onSuccess: () => {
        leave(keep);
        location.assign("/");
      },
      onError: (error) => toast("error", said(error)),
    });
  }
  return (
    <RefusableButton icon={<Eye20Regular />} refusal={refusal} disabledFocusable={begin.isPending} onClick={view} {...(props as ButtonProps)}>
      View portal as
    </RefusableButton>
  );
}
