import { MessageBar, MessageBarBody, MessageBarTitle } from "@fluentui/react-components";
import { ApiError, said } from "../../api/errors";
import { differences } from "../../lib/changed";

/** NotSaved says why a change was refused; if somebody else was first, what they have changed since it was read. */
export function NotSaved({ error, before, now }: { error: Error; before?: object | undefined; now?: object | undefined }) {
  const meanwhile = changedMeanwhile(error) && before && now ? differences({ ...before }, { ...now }) : [];
  return (
    <MessageBar intent="error" layout="multiline">
      <MessageBarBody>
        <MessageBarTitle>{changedMeanwhile(error) ? "Somebody else was first" : "Not saved"}</MessageBarTitle>
        {changedMeanwhile(error) ? "It has changed since you opened it, and nothing was overwritten." : said(error)}
        {meanwhile.length > 0 && (
          <ul>
            {meanwhile.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        )}
        {changedMeanwhile(error) && (meanwhile.length > 0 ? " Save again to put yours in its place, or cancel." : " Cancel, look at it as it is now, and repeat.")}
      </MessageBarBody>
    </MessageBar>
  );
}

/** changedMeanwhile tells whether a refusal is about what somebody else has written. */
export function changedMeanwhile(error: Error | null): boolean {
  return error instanceof ApiError && error.status === 412;
}
