import { describe, expect, test } from "vitest";
import { as, axe, base, enter, rows, settled } from "./browser";

describe("permissions and roles", () => {
  test("are reached as the document says: navigation, then Permissions, then Roles (R15)", async () => {
    const page = await as("Ada Lindqvist");
    await page.getByRole("link", { name: "Permissions & roles" }).click();
    await page.getByRole("heading", { name: "Permissions", exact: true }).waitFor();
    await page.getByRole("main").getByRole("link", { name: /^Roles/ }).click();
    await page.getByRole("heading", { name: "Roles", exact: true }).waitFor();
    await expect.poll(() => new URL(page.url()).pathname).toBe("/permissions/roles");
  });

  test("say in which product each role is kept", async () => {
    const page = await as("Ada Lindqvist", "/permissions/roles/cloudapps");
    await page.getByText(/Set in .*their own product/).waitFor();
    await page.getByText("They open Identity data too.").waitFor();
    await page.getByRole("tab", { name: "Identity" }).click();
    await page.getByText("these open nothing").waitFor();
    await page.getByRole("tab", { name: "Endpoint" }).click();
    await page.getByText(/opens data of this product only/).waitFor();
  });

  test("default role groups have fixed permissions and members that can be changed", async () => {
    const page = await as("Ada Lindqvist", "/permissions/roles/office365");
    await rows(page, "Roles of Email & collaboration").filter({ hasText: "Default" }).first().click();
    const drawer = page.getByRole("dialog");
    await drawer.getByRole("heading", { name: "Permissions (fixed by the product)" }).waitFor();
    await expect.poll(() => drawer.getByRole("button", { name: "Edit" }).getAttribute("aria-disabled")).toBe("true");
    await expect.poll(() => drawer.getByRole("button", { name: "Add assignment" }).getAttribute("aria-disabled")).toBeNull();
  });

  test("global roles are shown with their members and cannot be changed here", async () => {
    const page = await as("Ada Lindqvist", "/permissions/roles/global");
    await rows(page, "Global roles").filter({ hasText: "Global Reader" }).click();
    const drawer = page.getByRole("dialog");
    await drawer.getByRole("link", { name: /Gita Rao/ }).waitFor();
    await expect.poll(() => drawer.getByRole("button", { name: /Edit|Delete|Add/ }).count()).toBe(0);
  });

  test("somebody without a right to them is told whom to ask", async () => {
    const page = await as("Elena Rossi", "/permissions/roles");
    await page.getByRole("heading", { name: "You don't have access to Permissions & roles" }).waitFor();
  });
});

describe("making a role", () => {
  test("shows what it opens and who gains before it is saved; then it can be given, changed, deleted", async () => {
    const name = `Night shift ${Date.now()}`;
    const page = await as("Ada Lindqvist", "/permissions/roles/endpoint");
    await page.getByRole("button", { name: "Create custom role" }).click();
    await page.getByRole("textbox", { name: "Name" }).fill(name);
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByRole("checkbox", { name: "View data - Security operations" }).check();
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByRole("button", { name: "Add assignment" }).click();
    await page.getByRole("radio", { name: "A person" }).check();
    const person = page.getByRole("combobox", { name: "Person" });
    await person.fill("noah");
    await page.getByRole("option", { name: /Noah Kim/ }).click();
    const rail = page.getByRole("region", { name: "What this does" });
    await rail.getByText(/Viewing investigation data/).first().waitFor();
    await rail.getByText("1 person gains, 0 people lose").waitFor();
    await rail.getByText(/Noah Kim/).waitFor();
    await page.getByRole("button", { name: "Back" }).click();
    await expect.poll(() => page.getByRole("checkbox", { name: "View data - Security operations" }).isChecked(), { message: "going back loses nothing" }).toBe(true);
    await page.getByRole("tab", { name: /Review/ }).click();
    await page.getByRole("button", { name: "Create role" }).click();

    const drawer = page.getByRole("dialog");
    await drawer.getByRole("heading", { name, exact: true }).waitFor();
    await drawer.getByRole("link", { name: "noah@contoso.example" }).first().waitFor();
    await drawer.getByRole("button", { name: "Remove noah@contoso.example" }).click();
    const back = page.getByRole("alertdialog", { name: /Take the role back from noah/ });
    await back.getByText(/no longer sees|Sees the same|0 people gain, 1 person loses/i).first().waitFor();
    await back.getByRole("button", { name: "Remove: 0 people gain, 1 person loses" }).click();
    await drawer.getByText("Nobody has this role yet").waitFor();
    await drawer.getByRole("button", { name: "Delete" }).click();
    await page.getByRole("alertdialog", { name: /Delete the role/ }).getByRole("button", { name: "Delete" }).click();
    await expect.poll(() => rows(page, "Roles of Endpoint").filter({ hasText: name }).count()).toBe(0);
  });

  test("has an address for each step, loses nothing by a reload, and names the closest role", async () => {
    const page = await as("Ada Lindqvist", "/permissions/roles/new?workload=office365");
    await page.getByRole("textbox", { name: "Name" }).fill("Half a role");
    await enter(page.getByRole("button", { name: "Next" }));
    await expect.poll(() => page.url()).toContain("step=permissions");
    await page.getByRole("checkbox", { name: /^Security Reader/ }).press("Space");
    await page.getByText(/Opens Viewing investigation data/).first().waitFor();
    await page.getByRole("region", { name: "Closest existing role" }).getByRole("link").waitFor();
    expect(await axe(page)).toEqual([]);
    await page.reload();
    await settled(page);
    await expect.poll(() => page.getByRole("checkbox", { name: /^Security Reader/ }).isChecked()).toBe(true);
    await page.getByText("What you had typed here is back.").waitFor();
    await page.goBack();
    await expect.poll(() => page.getByRole("textbox", { name: "Name" }).inputValue()).toBe("Half a role");
    await page.getByRole("button", { name: "Begin anew" }).click();
    await expect.poll(() => page.getByRole("textbox", { name: "Name" }).inputValue()).toBe("");
  });

  test("beyond what its maker holds is refused, in words (S14)", async () => {
    const page = await as("Rolf Meyer", "/permissions/roles/office365");
    await page.getByRole("button", { name: "Create custom role" }).click();
    await page.getByRole("textbox", { name: "Name" }).fill("Mine alone");
    await page.getByRole("button", { name: "Next" }).click();
    await settled(page);
    const purge = page.getByRole("checkbox", { name: /Search And Purge/i });
    await purge.waitFor();
    await expect.poll(() => purge.isDisabled()).toBe(true);
    await page.getByText(/You can't give it/).first().waitFor();
  });

  test("of another product is refused to who manages one", async () => {
    const page = await as("Rolf Meyer", "/permissions/roles/office365");
    await expect.poll(() => page.getByRole("button", { name: "Create custom role" }).getAttribute("aria-disabled")).toBeNull();
    await page.getByRole("tab", { name: "Endpoint" }).click();
    await expect.poll(() => page.getByRole("button", { name: "Create custom role" }).getAttribute("aria-disabled")).toBe("true");
  });
});

test("the second of two who change one role is told what the first has changed, and overwrites nothing unasked", async () => {
  const name = `Shared ${Date.now()}`;
  const one = await as("Ada Lindqvist", "/permissions/roles/endpoint");
  const made = await one.request.post("/api/v1/roles", { headers: { Origin: base }, data: { name, workload: "endpoint", permissions: ["View data - Security operations"] } });
  expect(made.status()).toBe(201);
  const { id } = (await made.json()) as { id: string };
  const path = `/permissions/roles/endpoint/${id}/edit`;
  const two = await as("Ada Lindqvist", path);
  await one.goto(path);
  for (const [page, text] of [[one, "first"], [two, "second"]] as const) await page.getByRole("textbox", { name: "Description" }).fill(text);
  for (const page of [one, two]) {
    await page.getByRole("tab", { name: /Review/ }).click();
    await page.getByRole("button", { name: "Save" }).click();
    if (page === one) await page.getByRole("dialog").getByText("first").waitFor();
  }
  await two.getByText("Somebody else was first").waitFor();
  await two.getByText("description: was empty, is “first”").waitFor();
  const now = (await (await one.request.get(`/api/v1/roles/${id}`)).json()) as { description: string };
  expect(now.description).toBe("first");
  expect(await axe(two)).toEqual([]);
  await two.getByRole("button", { name: "Save" }).click();
  await two.getByRole("dialog").getByText("second").waitFor();
  expect((await one.request.delete(`/api/v1/roles/${id}`, { headers: { Origin: base } })).status()).toBe(204);
});

test("a role and who has it are changed together, by keyboard", async () => {
  const name = `Together ${Date.now()}`;
  const page = await as("Ada Lindqvist", "/permissions/roles/endpoint");
  const made = await page.request.post("/api/v1/roles", {
    headers: { Origin: base },
    data: { name, workload: "endpoint", permissions: ["View data - Security operations"], assignments: [{ users: ["uma@contoso.example", "priya@contoso.example"] }] },
  });
  const { id } = (await made.json()) as { id: string };
  await page.goto(`/permissions/roles/endpoint/${id}/edit?step=permissions`);
  await page.getByRole("radio", { name: "All that only look" }).press("Space");
  await settled(page);
  await expect.poll(() => page.getByRole("checkbox", { name: /^View data - Threat and vulnerability management/ }).isChecked()).toBe(true);
  await expect.poll(() => page.getByRole("checkbox", { name: /^Alerts investigation/ }).isChecked()).toBe(false);
  await enter(page.getByRole("button", { name: "Next" }));
  await enter(page.getByRole("button", { name: "Remove uma@contoso.example" }));
  await page.getByText("Taken back when you save").waitFor();
  await enter(page.getByRole("button", { name: "Change priya@contoso.example" }));
  await page.getByLabel("Until").fill("2031-01-01T00:00");
  expect(await axe(page)).toEqual([]);
  await enter(page.getByRole("button", { name: "Next" }));
  await page.getByText("New: priya@contoso.example. Taken back: priya@contoso.example; uma@contoso.example").waitFor();
  await enter(page.getByRole("button", { name: "Save" }));
  await page.getByRole("dialog").getByText(/until/).waitFor();
  const now = (await (await page.request.get(`/api/v1/roles/${id}`)).json()) as { permissions: string[]; assignments: { user: string; notAfter?: string }[] };
  expect(now.assignments.map((a) => [a.user, a.notAfter?.slice(0, 4)])).toEqual([["priya@contoso.example", expect.stringMatching(/203[01]/)]]);
  expect(now.permissions.length).toBeGreaterThan(1);
  expect((await page.request.delete(`/api/v1/roles/${id}`, { headers: { Origin: base } })).status()).toBe(204);
});

test("hostile names are shown as the text they are", async () => {
  const attack = `<img src=x onerror="alert(${Date.now()})"> =HYPERLINK("http://x")`;
  const page = await as("Ada Lindqvist", "/permissions/roles/office365");
  const made = await page.request.post("/api/v1/roles", {
    headers: { Origin: base },
    data: { name: attack, description: "<script>alert(1)</script>", workload: "office365", permissions: ["Security Reader"], assignments: [{ users: ["uma@contoso.example"] }] },
  });
  expect(made.status()).toBe(201);
  const { id } = (await made.json()) as { id: string };
  for (const [path, where] of [
    [`/permissions/roles/office365/${id}`, page.getByRole("dialog")],
    [`/permissions/roles/office365/${id}/edit`, page.getByRole("heading", { level: 1 })],
    [`/permissions/compare?left=${encodeURIComponent(`role:${id}`)}&right=user:uma@contoso.example`, page.getByRole("main")],
    ["/access?person=uma@contoso.example", page.getByRole("main")],
    ["/audit", page.getByRole("main")],
  ] as const) {
    await page.goto(path);
    await where.getByText(attack).first().waitFor();
    await expect.poll(() => page.locator("img[src=x]").count()).toBe(0);
  }
  expect((await page.request.delete(`/api/v1/roles/${id}`, { headers: { Origin: base } })).status()).toBe(204);
});

describe("device groups", () => {
  test("are moved only after a look at who gains and loses", async () => {
    const page = await as("Ada Lindqvist", "/permissions/device-groups");
    await page.getByRole("button", { name: "Move Sales devices up" }).click();
    const ask = page.getByRole("alertdialog", { name: /Move Sales devices to rank 2/ });
    await ask.getByText(/people? gains?, .* (loses|lose)$/).first().waitFor();
    await ask.getByRole("button", { name: "Keep it" }).click();
    await ask.waitFor({ state: "detached" });
    const first = async () => (await page.getByRole("main").getByRole("heading", { level: 2 }).allInnerTexts()).slice(0, 3);
    await expect.poll(first).toEqual(["Domain controllers", "Executive devices", "Sales devices"]);
  });

  test("are dragged to another rank, and say which devices would move", async () => {
    const page = await as("Ada Lindqvist", "/permissions/device-groups");
    const row = (name: string) => page.getByRole("listitem").filter({ has: page.getByRole("heading", { level: 2, name }) });
    await row("Sales devices").dragTo(row("Domain controllers"));
    const ask = page.getByRole("alertdialog", { name: /Move Sales devices to rank 1/ });
    await ask.getByText(/None of the \d[\d,]* devices that you see moves|devices? moves?, of/).waitFor();
    expect(await axe(page)).toEqual([]);
    await ask.getByRole("button", { name: "Keep it" }).click();
    await ask.waitFor({ state: "detached" });

    await page.getByRole("button", { name: "Edit Domain controllers" }).click();
    const drawer = page.getByRole("dialog");
    await drawer.getByRole("textbox", { name: "Device name is" }).fill("*");
    for (const line of ["Domain is", "Has the tag", "System is"]) await drawer.getByRole("textbox", { name: line }).fill("");
    const moving = drawer.getByRole("list", { name: "Devices that move" });
    await moving.getByText(/from .* to Domain controllers/).first().waitFor();
    await drawer.getByRole("button", { name: "Cancel" }).click();
    await drawer.waitFor({ state: "detached" });
  });

  test("stand in rank order, and say which is open to everyone", async () => {
    const page = await as("Ada Lindqvist", "/permissions/device-groups");
    await settled(page);
    const names = await page.getByRole("main").getByRole("heading", { level: 2 }).allInnerTexts();
    expect(names.slice(0, 3)).toEqual(["Domain controllers", "Executive devices", "Sales devices"]);
    expect(names.at(-1)).toMatch(/^Ungrouped devices/);
    const lab = page.getByRole("listitem").filter({ hasText: "Lab devices" });
    await lab.getByText("Open to everyone", { exact: true }).waitFor();
  });

  test("get another name by keyboard, and nobody gains or loses", async () => {
    const page = await as("Ada Lindqvist", "/permissions/device-groups");
    for (const [from, to] of [["Sales devices", "Field devices"], ["Field devices", "Sales devices"]] as const) {
      await enter(page.getByRole("button", { name: `Edit ${from}` }));
      const drawer = page.getByRole("dialog");
      await drawer.getByRole("textbox", { name: "Name", exact: true }).press("Control+a");
      const asked = page.waitForResponse((r) => r.url().endsWith("/access/preview") && (r.request().postData() ?? "").includes(`"name":"${to}"`));
      await page.keyboard.type(to);
      await drawer.getByText(`Scopes and delegation ceilings that name ${from} follow.`).waitFor();
      expect(await (await asked).json()).toMatchObject({ allowed: true, gaining: 0, losing: 0 });
      await enter(drawer.getByRole("button", { name: "Save" }));
      await drawer.waitFor({ state: "detached" });
      await page.getByRole("heading", { level: 2, name: to }).waitFor();
    }
    const scopes = await page.evaluate(async () => (await fetch("/api/v1/assignments?limit=100")).text());
    expect(scopes).toContain("Sales devices");
  });

  test("get a remediation level by keyboard, and show it", async () => {
    const page = await as("Ada Lindqvist", "/permissions/device-groups");
    const row = page.getByRole("listitem").filter({ has: page.getByRole("heading", { level: 2, name: "Lab devices" }) });
    for (const [key, label] of [["Full", "Full - remediates by itself"], ["None", "None set"]] as const) {
      await enter(row.getByRole("button", { name: "Edit Lab devices" }));
      const drawer = page.getByRole("dialog");
      await drawer.getByRole("combobox", { name: "Remediation level" }).focus();
      await page.keyboard.type(key);
      await drawer.getByRole("combobox", { name: "Remediation level" }).getByRole("option", { name: label, selected: true }).waitFor({ state: "attached" });
      await enter(drawer.getByRole("button", { name: "Save" }));
      await drawer.waitFor({ state: "detached" });
      await expect.poll(() => row.getByText("Full - remediates by itself").count()).toBe(key === "Full" ? 1 : 0);
    }
  });

  test("show who would gain or lose before they are saved", async () => {
    const page = await as("Ada Lindqvist", "/permissions/device-groups");
    await page.getByRole("button", { name: "Edit Sales devices" }).click();
    const drawer = page.getByRole("dialog");
    await drawer.getByRole("checkbox", { name: "sales-it" }).uncheck();
    await drawer.getByRole("region", { name: "What this does" }).getByText(/Samir Haddad/).waitFor();
    await drawer.getByRole("button", { name: "Cancel" }).click();
    await drawer.waitFor({ state: "detached" });
  });
});

test("the requirements table is open to everyone, with their own access marked", async () => {
  const page = await as("Marta Silva", "/permissions/requirements");
  await page.getByRole("row", { name: /T1/ }).getByText("You have this").waitFor();
  await expect.poll(() => page.getByRole("row", { name: /T4/ }).getByText("You have this").count()).toBe(0);
});

test("the requirements table says of what one has by a global role that it is so, apart from what the cell names", async () => {
  const page = await as("Ada Lindqvist", "/permissions/requirements");
  const cell = page.getByRole("row", { name: /T4/ }).getByRole("cell").filter({ hasText: "No role grants this" }).first();
  await expect.poll(async () => (await cell.innerText()).split("\n").map((line) => line.trim()).filter(Boolean)).toEqual(["You have this", "By a global role", "No role grants this"]);
  const marta = await as("Marta Silva", "/permissions/requirements");
  await marta.getByText("You have this").first().waitFor();
  await expect.poll(() => marta.getByText("By a global role").count()).toBe(0);
});

describe("the roles of Endpoint", () => {
  test("are switched after a look at who gains and loses, and back (S5)", async () => {
    const page = await as("Ada Lindqvist", "/permissions/roles/endpoint");
    await page.getByRole("main").getByText("Roles of Endpoint are on").waitFor();
    await page.getByRole("button", { name: "Switch off" }).click();
    const off = page.getByRole("alertdialog", { name: "Switch the roles of Endpoint off?" });
    await off.getByText(/^\d+ (person gains|people gain), [1-9]\d* (person loses|people lose)$/).waitFor();
    expect(await axe(page)).toEqual([]);
    await off.getByRole("button", { name: "Keep them on" }).click();
    await off.waitFor({ state: "detached" });
    await page.getByRole("main").getByText("Roles of Endpoint are on").waitFor();

    await page.getByRole("button", { name: "Switch off" }).click();
    await off.getByRole("button", { name: /^Switch off: \d+ (person gains|people gain), [1-9]\d* (person loses|people lose)$/ }).click();
    try {
      await page.getByRole("main").getByText("Roles of Endpoint are off").waitFor();
      await page.getByRole("main").getByText(/Only global roles open it/).waitFor();
    } finally {
      await page.getByRole("button", { name: "Switch on" }).click();
      await page.getByRole("alertdialog").getByRole("button", { name: /^Switch on: [1-9]/ }).click();
    }
    await page.getByRole("main").getByText("Roles of Endpoint are on").waitFor();
  });

  test("are shown as they are to who may not switch them, with the reason", async () => {
    const page = await as("Gita Rao", "/permissions/roles/endpoint");
    await page.getByRole("main").getByText("Roles of Endpoint are on").waitFor();
    const control = page.getByRole("button", { name: "Switch off" });
    await expect.poll(() => control.getAttribute("aria-disabled")).toBe("true");
    await control.focus();
    await page.getByRole("tooltip").waitFor();
    await expect.poll(async () => (await page.getByRole("tooltip").innerText()).length).toBeGreaterThan(10);
  });
});
