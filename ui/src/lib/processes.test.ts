import { expect, test } from "vitest";
import type { Evidence } from "../api/graph";
import { processesOf, type Process } from "./processes";

const process = (id: number, name: string, parent?: number, parentName?: string) =>
  ({ "@odata.type": "#microsoft.graph.security.processEvidence", mdeDeviceId: "d", processId: id, imageFile: { fileName: name }, parentProcessId: parent, parentProcessImageFile: parentName ? { fileName: parentName } : undefined }) as unknown as Evidence;
const drawn = (all: Process[]): unknown => all.map(({ name, told, children }) => [name, told, drawn(children)]);

test("processes stand below what started them, told of or not", () => {
  const device = { "@odata.type": "#microsoft.graph.security.deviceEvidence", mdeDeviceId: "d", deviceDnsName: "pc-1" } as unknown as Evidence;
  const [host] = processesOf([process(3, "cmd.exe", 2, "word.exe"), process(2, "word.exe", 1, "explorer.exe"), device]);
  expect(host?.device).toBe("pc-1");
  expect(drawn(host?.roots ?? [])).toEqual([["explorer.exe", false, [["word.exe", true, [["cmd.exe", true, []]]]]]]);
});

test("a circle is cut: nothing hangs on itself, and nothing is lost", () => {
  const [host] = processesOf([process(1, "a", 2, "b"), process(2, "b", 1, "a"), process(3, "c", 3, "c")]);
  expect(drawn(host?.roots ?? [])).toEqual([["b", true, [["a", true, []]]], ["c", true, []]]);
});
