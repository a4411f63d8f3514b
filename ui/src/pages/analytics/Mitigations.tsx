import { makeStyles, tokens } from "@fluentui/react-components";
import { CheckmarkCircle16Regular, Question16Regular, Warning16Filled } from "@fluentui/react-icons";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useSearchParams } from "react-router";
import { exposedDevices, type ExposedDevice, type Mitigation, type ThreatReport } from "../../api/analytics";
import { Details } from "../../components/Details";
import { Grid, type Column } from "../../components/Grid";
import { Name, Nothing } from "../../components/labels";
import { Facts, Section } from "../../components/layout";
import { Moment } from "../../components/Moment";
import { NotYours, NotYoursCell } from "../../components/NotYours";
import { Empty } from "../../components/states";
import { levelMeans, missingOn } from "../../lib/analytics";
import { count } from "../../lib/words";
import { Exposure } from "./Exposure";
import { Numbers } from "./Overview";
import { PartList } from "./PartList";
import { ToPage } from "./ToPage";

const useStyles = makeStyles({
  line: { display: "inline-flex", alignItems: "center", gap: tokens.spacingHorizontalXS },
  icon: { display: "inline-flex" },
  done: { color: tokens.colorPaletteGreenForeground1, display: "inline-flex" },
  open: { color: tokens.colorPaletteDarkOrangeForeground1, display: "inline-flex" },
});

const deviceColumns = (titles: ReadonlyMap<string, string>): readonly Column<ExposedDevice>[] => [
  { id: "name", title: "Device", cell: (d) => <ToPage kind="device" id={d.id} has={d.hasPage}>{d.name || d.id}</ToPage>, width: "26%" },
  { id: "severity", title: "Weakness", cell: (d) => d.severity ?? <Nothing>Not rated</Nothing>, width: "12%" },
  { id: "group", title: "Device group", cell: (d) => d.deviceGroup || <Nothing>Unknown</Nothing>, width: "16%" },
  { id: "lacks", title: "Lacks", cell: (d) => <Lacks titles={d.mitigations.map((id) => titles.get(id) ?? id)} />, width: "18%" },
  { id: "software", title: "Software", cell: (d) => d.software.join(", ") || <Nothing />, width: "14%" },
  { id: "seen", title: "Measured", cell: (d) => <Moment at={d.seenDateTime} plain />, width: "14%" },
];

/** Mitigations are what the report asks for, to whoever reads it; on which devices each is missing takes a right of its own (T6b). */
export function Mitigations({ report }: { report: ThreatReport }) {
  const [search, setSearch] = useSearchParams();
  const mitigations = report.mitigations ?? [];
  const { access, numbers, level } = report.exposure;
  const open = mitigations.find((m) => m.id === search.get("mitigation"));
  const columns: readonly Column<Mitigation>[] = [
    { id: "title", title: "Mitigation", cell: (m) => <Name>{m.title}</Name>, width: "46%" },
    { id: "by", title: "Measured by", cell: (m) => m.cveId || m.configurationId || <Nothing>Nothing</Nothing>, width: "16%" },
    { id: "status", title: "Status", cell: (m) => (access.allowed || !m.measured ? <State mitigation={m} /> : <NotYoursCell />), width: "26%" },
    { id: "severity", title: "Severity", cell: (m) => m.severity || (m.cveId && !access.allowed ? <NotYoursCell /> : <Nothing>Not rated</Nothing>), width: "12%" },
  ];
  return (
    <>
      {access.allowed && (
        <Section title="Exposure of the organisation" level="h2">
          <Exposure report={report} />
          {numbers ? (
            <Numbers items={[[numbers.exposed, `of ${count(numbers.checked, "device")} exposed`], [numbers.vulnerable, "vulnerable"], [numbers.misconfigured, "misconfigured"]]} />
          ) : (
            levelMeans(level)
          )}
        </Section>
      )}
      <Section title="Mitigations" level="h2">
        {mitigations.length === 0 ? (
          <Empty title="None">The report asks for nothing.</Empty>
        ) : (
          <Grid
            label="Mitigations"
            columns={columns}
            items={mitigations}
            id={(m) => m.id}
            name={(m) => m.title}
            open={open?.id ?? null}
            onOpen={(m) => setSearch({ tab: "mitigations", mitigation: m.id }, { replace: true })}
          />
        )}
      </Section>
      {access.allowed && numbers && (
        <Section title="Exposed devices" level="h2">
          <Devices report={report} mitigation="" />
        </Section>
      )}
      {open && <One report={report} mitigation={open} onClose={() => setSearch({ tab: "mitigations" }, { replace: true })} />}
    </>
  );
}

/** State is what became of a mitigation. */
function State({ mitigation: { measured, numbers } }: { mitigation: Mitigation }) {
  const styles = useStyles();
  const [icon, words] = !measured
    ? [<span key="i" className={styles.icon}><Question16Regular /></span>, "Not measured"]
    : !numbers
      ? [<span key="i" className={styles.icon}><Question16Regular /></span>, "No data"]
      : [
          <span key="i" className={numbers.exposed === 0 ? styles.done : styles.open}>{numbers.exposed === 0 ? <CheckmarkCircle16Regular /> : <Warning16Filled />}</span>,
          missingOn(numbers),
        ];
  return (
    <span className={styles.line}>
      <span className={styles.icon} aria-hidden>{icon}</span>
      {words}
    </span>
  );
}

/** Lacks is what a device lacks: how many, by their names, all of them in the tooltip. */
function Lacks({ titles }: { titles: readonly string[] }) {
  return <span title={titles.join("\n")}>{titles.length > 1 ? `${titles.length}: ${titles.join(", ")}` : titles[0]}</span>;
}

function Devices({ report, mitigation, narrow = false }: { report: ThreatReport; mitigation: string; narrow?: boolean }) {
  const rows = useInfiniteQuery(exposedDevices(report.id, mitigation));
  const columns = deviceColumns(new Map((report.mitigations ?? []).map((m) => [m.id, m.title])));
  return (
    <PartList
      label={mitigation ? "Devices without this mitigation" : "Exposed devices"}
      what="devices"
      none="No device that you reach lacks it."
      rows={rows}
      columns={mitigation ? columns.filter((column) => column.id !== "lacks") : columns}
      id={(d) => d.id}
      name={(d) => d.name || d.id}
      narrow={narrow}
    />
  );
}

/** One is a mitigation with the devices on which it is missing. */
function One({ report, mitigation: m, onClose }: { report: ThreatReport; mitigation: Mitigation; onClose: () => void }) {
  const { access } = report.exposure;
  return (
    <Details title={m.title} row={m.id} wide onClose={onClose}>
      {m.description && <span>{m.description}</span>}
      <Facts
        items={[
          ["Id", m.id],
          ["Vulnerability", m.cveId],
          ["Configuration", m.configurationId],
          ["Severity", m.severity],
          ["CVSS", m.cvss ? m.cvss.toFixed(1) : ""],
          ["Exploit", m.exploit ? "One is public" : ""],
          ["In general", m.advice],
        ]}
      />
      {!m.measured ? (
        <Nothing>Neither a check nor a vulnerability measures it.</Nothing>
      ) : access.allowed ? (
        <Section title="Devices without it">
          <State mitigation={m} />
          {m.numbers && (
            // Its rows lead nowhere, so the keyboard scrolls by the list itself.
            <div tabIndex={0} role="group" aria-label="List of devices">
              <Devices report={report} mitigation={m.id} narrow />
            </div>
          )}
        </Section>
      ) : (
        <NotYours access={access} />
      )}
    </Details>
  );
}
