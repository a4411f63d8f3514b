import { Badge, Text } from "@fluentui/react-components";
import type { User } from "../../../api/people";
import { Moment } from "../../../components/Moment";
import { accountState } from "../../../lib/accounts";

/** State is whether an account works, in words; an end that is to come stands beside it. */
export function State({ user }: { user: User }) {
  const state = accountState(user, new Date());
  return (
    <>
      <Badge appearance="outline" color={state === "Active" ? "success" : "danger"} shape="rounded">{state}</Badge>
      {state === "Active" && user.notAfter && (
        <Text size={200}>
          {" until "}
          <Moment at={user.notAfter} plain />
        </Text>
      )}
    </>
  );
}
