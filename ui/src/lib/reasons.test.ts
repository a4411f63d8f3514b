import { expect, test } from "vitest";
import { cellState } from "./reasons";

test.each([
  ["held on the whole workload is yes", "yes", { everywhere: true, somewhere: true, reason: "allowed" }],
  ["held on one device group is some", "some", { everywhere: false, somewhere: true, reason: "out-of-reach", deviceGroups: ["A"] }],
  ["not held is no", "no", { everywhere: false, somewhere: false, reason: "no-permission" }],
  ["an empty cell of the table is no", "no", { everywhere: false, somewhere: false, reason: "nobody" }],
  ["no cell in the table is not applicable", "inapplicable", { everywhere: false, somewhere: false, reason: "not-applicable" }],
  ["not said by the server is no", "no", undefined],
])("%s", (_, want, cell) => expect(cellState(cell).state).toBe(want));
