import { MessageBar, MessageBarBody, Text } from "@fluentui/react-components";
import { useQueries } from "@tanstack/react-query";
import { Fragment } from "react";
import { explanation } from "../api/access";
import type { Evidence } from "../api/graph";
import { useMe } from "../api/session";
import { period } from "../lib/words";
import { Proof } from "./Proof";
import { Failed, Loading } from "./states";

const rule = "You see an alert if you may view investigation data in every product it belongs to; on endpoint, on any of its devices' groups.";

/** WhyICanSee proves, for each product an alert belongs to, what lets this reader see it (S8: every one of them). */
export function WhyICanSee({ workloads, evidence, said = rule }: { workloads: readonly string[]; evidence: readonly Evidence[]; said?: string }) {
  const me = useMe();
  const groups = evidence.map((e) => e.rbacGroupName).filter((name): name is string => typeof name === "string" && name !== "");
  const deviceGroup = groups[0] ?? "";
  const proofs = useQueries({
    queries: workloads.map((workload) =>
      explanation({ principal: me.user, capability: "investigation.view", workload, deviceGroup: workload === "endpoint" ? deviceGroup : "" }),
    ),
  });
  return (
    <>
      <MessageBar intent="info" layout="multiline">
        <MessageBarBody>{said}</MessageBarBody>
      </MessageBar>
      {proofs.map(({ data, error, isPending }, i) =>
        isPending ? (
          <Loading key={i} what="the proof" rows={3} />
        ) : error ? (
          <Failed key={i} error={error} what="proof" />
        ) : (
          <Fragment key={i}>
            <Text>{period(data.sentence)}</Text>
            {data.proofs.map((proof) => (
              <Proof key={proof.workload} proof={proof} />
            ))}
          </Fragment>
        ),
      )}
    </>
  );
}
