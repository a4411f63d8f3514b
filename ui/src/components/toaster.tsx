import { Toast, ToastBody, ToastTitle, useToastController } from "@fluentui/react-components";

export const toaster = "bailiwick";

/** useToast tells of finished work, and of work that failed where no form stands to say so. */
export function useToast() {
  const { dispatchToast } = useToastController(toaster);
  return (intent: "success" | "error", title: string, more?: string) =>
    dispatchToast(
      <Toast>
        <ToastTitle>{title}</ToastTitle>
        {more && <ToastBody>{more}</ToastBody>}
      </Toast>,
      { intent, timeout: intent === "error" ? 10_000 : 4_000 },
    );
}
