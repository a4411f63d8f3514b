import { describe, expect, test } from "vitest";
import { entities, tell } from "./evidence";

const of = (type: string, fields: object) => ({ "@odata.type": `#microsoft.graph.security.${type}Evidence`, ...fields });

describe("evidence", () => {
  test("a device is named by its DNS name and tells its group", () => {
    const told = tell(of("device", { deviceDnsName: "a.example", rbacGroupName: "Sales devices", osPlatform: "Windows10" }));
    expect([told.family, told.name, told.facts]).toEqual(["devices", "a.example", [["Device group", "Sales devices"], ["System", "Windows10"]]]);
  });

  test("a type of a later year keeps its name and its fields", () => {
    const told = tell(of("quantumModem", { serial: 7, verdict: "suspicious" }));
    expect([told.family, told.kind, told.name, told.facts]).toEqual(["other", "Quantum modem", "Quantum modem", [["Serial", "7"]]]);
  });

  test("hostile text stays the text it is", () => {
    expect(tell(of("url", { url: "javascript:alert(1)" })).name).toBe("javascript:alert(1)");
  });

  test("the same thing in two alerts is one, with its worst verdict", () => {
    const grouped = entities([of("ip", { ipAddress: "198.51.100.7", verdict: "suspicious" }), of("ip", { ipAddress: "198.51.100.7", verdict: "malicious" })]);
    expect([...grouped.keys()]).toEqual(["addresses"]);
    expect(grouped.get("addresses")?.map((e) => e.evidence.verdict)).toEqual(["malicious"]);
  });

  test("evidence without anything is still shown", () => {
    expect(tell({}).name).toBe("Evidence");
  });
});
