import { Tab, TabList, makeStyles, tokens } from "@fluentui/react-components";
import { useSearchParams } from "react-router";
import { useMe } from "../../api/session";
import { ExportMenu } from "../../components/ExportMenu";
import { PageHeader } from "../../components/layout";
import { ByCapability } from "./ByCapability";
import { ByPerson } from "./ByPerson";

const useStyles = makeStyles({
  page: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalL },
});

/** Who may do what, and why. Everyone sees their own; whoever may view roles sees everyone's (S16). */
export default function AccessPage() {
  const styles = useStyles();
  const me = useMe();
  const [search, setSearch] = useSearchParams();
  const view = search.get("view") === "capability" && me.viewsOthers ? "capability" : "person";
  return (
    <div className={styles.page}>
      <PageHeader
        title="Access"
        below={me.viewsOthers ? "Who may do what, and why. Each cell opens its proof." : "What you may do, and why. Each cell opens its proof."}
        commands={
          <ExportMenu
            choices={me.viewsOthers ? [{ of: "matrix", label: "Everyone's access" }, { of: "role-matrix", label: "What each role opens" }] : [{ of: "matrix", label: "My access" }]}
          />
        }
      />
      {me.viewsOthers && (
        <TabList selectedValue={view} onTabSelect={(_, data) => setSearch(data.value === "capability" ? { view: "capability" } : {})} aria-label="Ask by">
          <Tab value="person">By person</Tab>
          <Tab value="capability">By capability</Tab>
        </TabList>
      )}
      {view === "person" ? <ByPerson search={search} setSearch={setSearch} /> : <ByCapability search={search} setSearch={setSearch} />}
    </div>
  );
}
