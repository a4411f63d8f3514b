import { describe, expect, test } from "vitest";
import { as, axe, rows, settled } from "./browser";

describe("why not", () => {
  test("is one key away from a refused button, and the focus comes back", async () => {
    const page = await as("Gita Rao", "/permissions/roles/office365");
    const create = page.getByRole("button", { name: "Create custom role" });
    await create.press("Enter");
    const why = page.getByRole("dialog", { name: "Why not?" });
    await why.getByText("It takes: Managing roles and assignments.").waitFor();
    await why.getByText("Email & collaboration: not allowed").waitFor();
    await why.getByText(/^Any one of these would open it: Role Management/).waitFor();
    expect(await axe(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await why.waitFor({ state: "detached" });
    await expect.poll(() => create.evaluate((button) => button === document.activeElement)).toBe(true);
    await page.keyboard.press("Space");
    await why.waitFor();
  });

  test("names the grant that ended, on the alert that is out of its time", async () => {
    const page = await as("Ada Lindqvist", "/access?person=conrad%40contoso.example&capability=alerts.manage&workload=endpoint");
    const proof = page.getByRole("dialog");
    await proof.getByText("What would open it, but does not now").waitFor();
    await proof.getByText(/role Tier 2 .*(it has ended|it holds from .* to )/).waitFor();
    expect(await axe(page)).toEqual([]);
  });

  test("explains an area that is closed, without naming roles that one may not know of", async () => {
    const page = await as("Noah Kim", "/permissions", { scheme: "dark" });
    await page.getByRole("button", { name: "Why not?" }).click();
    const why = page.getByRole("dialog", { name: "Why not?" });
    await why.getByText("Endpoint: not allowed").waitFor();
    await settled(page);
    expect(await why.innerText()).not.toContain("Tier 2");
    expect(await axe(page)).toEqual([]);
  });

  test("explains an empty queue", async () => {
    const page = await as("Elena Rossi", "/alerts?q=nothing-is-called-this");
    await page.getByRole("button", { name: "Why is this empty?" }).click();
    const why = page.getByRole("dialog", { name: "Why is this empty?" });
    await why.getByText(/It holds on .*EU servers/).waitFor();
    await why.getByText("Identity: not allowed").waitFor();
    expect(await axe(page)).toEqual([]);
  });

  test("asks about the device group of the alert", async () => {
    const page = await as("Elena Rossi", "/alerts");
    await rows(page, "Alerts").first().click();
    await page.getByRole("tab", { name: "Manage" }).click();
    await page.getByRole("button", { name: "Why not?" }).click();
    await page.getByRole("dialog", { name: "Why not?" }).getByText("Endpoint: not allowed").waitFor();
  });
});
