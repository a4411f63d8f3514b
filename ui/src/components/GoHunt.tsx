import { Button } from "@fluentui/react-components";
import { SearchInfo20Regular } from "@fluentui/react-icons";
import { Refusal } from "../api/errors";
import { useMe } from "../api/session";
import { huntPath } from "../lib/goHunt";
import { RefusableButton } from "./RefusableButton";

/** GoHunt opens a query about what a page shows. It is run there, once its reader has looked at it. */
export function GoHunt({ query, timespan = "P30D", size }: { query: string; timespan?: string; size?: "small" }) {
  const area = useMe().areas.find(({ name }) => name === "hunting");
  const look = { icon: <SearchInfo20Regular />, ...(size ? { size } : {}) };
  if (!area?.shown) return <RefusableButton {...look} refusal={new Refusal(area?.reason ?? "The server does not offer this to you.", "hunting.view")}>Go hunt</RefusableButton>;
  return (
    <Button as="a" href={huntPath(query, timespan)} {...look}>
      Go hunt
    </Button>
  );
}
