import { describe, expect, test } from "vitest";
import { as, axe, axeInBoth, base, enter, rows, settled, total } from "./browser";

const pending = "Pending actions";
const api = { Origin: base };

describe("the Action centre", () => {
  test("lets a responder approve by keyboard, tells how it goes, and undoes it", async () => {
    const page = await as("Emil Hansen", "/actions");
    const before = await total(page, "action");
    // One of his own devices, so that the test depends on nothing that others decide.
    const device = ((await (await page.request.get("/api/v1/actions?workload=endpoint&limit=1")).json()) as { items: { device: { id: string } }[] }).items[0]?.device.id ?? "";
    const made = (await (await page.request.post("/api/v1/actions", { headers: api, data: { actionType: "isolateDevice", target: { deviceId: device }, comment: "odd traffic <img src=x onerror=alert(1)> \u202egnp.exe", needsApproval: true } })).json()) as { id: string };
    await expect.poll(() => total(page, "action"), { timeout: 10_000 }).toBe(before + 1);
    await rows(page, pending).and(page.locator(`[data-row="${made.id}"]`)).press("Enter");
    const drawer = page.getByRole("dialog", { name: "Isolate device" });
    await drawer.getByText("odd traffic <img src=x onerror=alert(1)>").first().waitFor(); // as text
    await drawer.getByRole("textbox", { name: "Comment" }).fill("cut it off");
    expect(await axe(page)).toEqual([]);
    await enter(drawer.getByRole("button", { name: "Approve", exact: true }));
    // The demo's responder takes its time, and nothing is called done before it says so.
    await drawer.getByText("the demo's responder says that it is done").first().waitFor({ timeout: 20_000 });
    await drawer.getByText("Succeeded").first().waitFor();
    await enter(drawer.getByRole("button", { name: "Undo" }));
    const back = page.getByRole("dialog", { name: "Release device from isolation" });
    await back.getByText(made.id).waitFor();
    await back.getByText("the demo's responder says that it is done").first().waitFor({ timeout: 20_000 });
    await back.getByRole("button", { name: made.id }).click();
    await page.getByRole("dialog", { name: "Isolate device" }).getByText("Undone").first().waitFor();
  });

  test("takes the first of two who approve at once, and tells the other", async () => {
    const emil = await as("Emil Hansen", "/actions");
    const ada = await as("Ada Lindqvist", "/actions");
    const device = ((await (await emil.request.get("/api/v1/actions?workload=endpoint&limit=1")).json()) as { items: { device: { id: string } }[] }).items[0]?.device.id ?? "";
    const made = (await (await emil.request.post("/api/v1/actions", { headers: api, data: { actionType: "runAntiVirusScan", target: { deviceId: device }, needsApproval: true } })).json()) as { id: string };
    // Both have pressed; Ada's word is on its way until Emil's has come.
    let pressed = () => {};
    const both = new Promise<void>((resolve) => (pressed = resolve));
    let first = () => {};
    const emils = new Promise<void>((resolve) => (first = resolve));
    await ada.route(`**/api/v1/actions/${made.id}/approve`, async (route) => {
      pressed();
      await emils;
      await route.continue();
    });
    const approve = async (page: typeof ada) => {
      await page.goto(`/actions/${made.id}`);
      await enter(page.getByRole("dialog", { name: "Run antivirus scan" }).getByRole("button", { name: "Approve", exact: true }));
    };
    await approve(ada);
    await both;
    await approve(emil);
    const drawer = emil.getByRole("dialog", { name: "Run antivirus scan" });
    await drawer.getByText(/^Queued by emil@contoso\.example/).waitFor();
    first();
    await ada.getByText(/it (was approved|is being carried out|was carried out) \((emil@contoso\.example|demo responder)/).waitFor();
    await drawer.getByText("the demo's responder says that it is done").first().waitFor({ timeout: 20_000 });
    const events = ((await (await emil.request.get(`/api/v1/actions/${made.id}`)).json()) as { history: { by: string; status: string }[] }).history;
    expect(events.filter(({ status }) => status === "queued").map(({ by }) => by)).toEqual(["emil@contoso.example"]);
  });

  test("decides several of one type, and not of two", async () => {
    const page = await as("Sven Aaker", "/actions?type=softDeleteEmail&type=moveToJunk");
    await page.getByText(/with these filters/).waitFor();
    const types = await rows(page, pending).evaluateAll((list) => list.map((row) => (row.getAttribute("aria-label") ?? "").split(",")[0]));
    const soft = types.indexOf("Soft delete message");
    const junk = types.indexOf("Move message to junk");
    const choose = (n: number) => rows(page, pending).nth(n).getByRole("checkbox").click();
    if (junk >= 0) {
      await choose(soft);
      await choose(junk);
      await enter(page.getByRole("button", { name: "Approve 2" }));
      await page.getByRole("dialog").getByText("Only actions of one type").waitFor();
      await page.keyboard.press("Escape");
      await choose(junk);
    } else {
      await choose(soft);
    }
    await enter(page.getByRole("button", { name: "Decline 1" }));
    const dialog = page.getByRole("dialog", { name: "Decline 1 action" });
    await dialog.getByLabel("Comment").fill("a newsletter");
    expect(await axe(page)).toEqual([]);
    await enter(dialog.getByRole("button", { name: "Decline" }));
    await dialog.waitFor({ state: "detached" });
    await page.getByRole("tab", { name: "History" }).click();
    await rows(page, "History of actions").first().getByText("Declined").waitFor();
    await rows(page, "History of actions").first().press("Enter");
    await page.getByRole("dialog", { name: "Soft delete message" }).getByText("a newsletter").first().waitFor();
  });

  test("gives people a task, and ends it when they say so", async () => {
    const page = await as("Emil Hansen", "/actions");
    const device = ((await (await page.request.get("/api/v1/actions?workload=endpoint&limit=1")).json()) as { items: { device: { id: string } }[] }).items[0]?.device.id ?? "";
    await page.goto(`/actions?request=restrictAppExecution&device=${device}`);
    const ask = page.getByRole("dialog", { name: "Request an action" });
    await ask.getByLabel("Why").fill("until it is clean");
    await enter(ask.getByRole("button", { name: "Request", exact: true }));
    const drawer = page.getByRole("dialog", { name: "Restrict app execution" });
    await drawer.getByRole("checkbox").first().press("Space");
    await enter(drawer.getByRole("button", { name: "Complete" }));
    await drawer.getByText("1 of 2 steps are done").waitFor();
    await drawer.getByRole("checkbox").nth(1).press("Space");
    await enter(drawer.getByRole("button", { name: "Complete" }));
    await drawer.getByText("Succeeded").first().waitFor();
  });

  test("says what is wanted, and what nobody but others may do", async () => {
    const page = await as("Elena Rossi", "/actions");
    await rows(page, pending).first().press("Enter");
    await page.getByRole("button", { name: "Approve", exact: true }).press("Enter"); // it is refused
    await page.getByRole("dialog", { name: "Why not?" }).getByText(/Active remediation actions - Security operations/).first().waitFor();
    await page.goto("/actions?request=isolateDevice");
    await page.getByRole("dialog", { name: "Request an action" }).getByRole("button", { name: "Request", exact: true }).press("Enter"); // it is refused
    await page.getByRole("dialog", { name: "Why not?" }).getByText(/Active remediation actions - Security operations/).first().waitFor();
    await page.goto("/actions/none");
    await page.getByText("No such action").waitFor();
    const emil = await as("Emil Hansen", "/actions?request=stopAndQuarantineFile");
    await emil.getByRole("button", { name: "Request", exact: true }).click();
    await emil.getByText("This is wanted").waitFor();
    expect(await axe(emil)).toEqual([]);
  });

  test("lets who sees no queue decide by id, and tells no more (K10)", async () => {
    const marta = await as("Ada Lindqvist", "/actions?type=softDeleteEmail");
    await marta.getByText(/with these filters/).waitFor();
    const id = (await rows(marta, pending).last().getAttribute("data-row")) ?? "";
    const pavel = await as("Pavel Dvorak", "/actions");
    await pavel.getByText("Your roles let you decide actions, and see none of them.").waitFor();
    await pavel.getByLabel("Action id").fill("nothing");
    await enter(pavel.getByRole("button", { name: "Approve", exact: true }));
    await pavel.getByText("there is no action").waitFor();
    await pavel.getByLabel("Action id").fill(id);
    expect(await axe(pavel)).toEqual([]);
    await enter(pavel.getByRole("button", { name: "Decline" }));
    await pavel.getByText("Declined.").waitFor();
    const milo = await as("Milo Brandt", "/");
    await expect.poll(() => milo.getByRole("link", { name: "Action centre" }).count()).toBe(0);
  });

  test("is accessible", async () => {
    const page = await as("Ada Lindqvist", "/actions");
    expect(await axeInBoth(page)).toEqual([]);
    await page.getByRole("tab", { name: "History" }).click();
    await settled(page);
    expect(await axeInBoth(page)).toEqual([]);
  });
});
