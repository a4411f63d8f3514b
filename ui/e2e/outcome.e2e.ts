import { describe, expect, test } from "vitest";
import { as, enter, settled } from "./browser";

describe("starting from the outcome", () => {
  test("gives the least permissions, by keyboard, and makes the role", async () => {
    const page = await as("Ada Lindqvist", "/permissions/outcome");
    await page.getByRole("checkbox", { name: "Action center remediation, Email & collaboration" }).press("Space");
    const set = page.getByRole("group", { name: /A role of Email & collaboration, set 1/ });
    await set.getByText("Search And Purge").waitFor();
    await set.getByText("Nothing: exactly what was asked").waitFor();
    await page.getByRole("link", { name: "Mail purge" }).waitFor();
    await page.getByText("Exactly that").waitFor();

    await page.getByRole("checkbox", { name: "Viewing investigation data, Email & collaboration" }).press("Space");
    await set.getByText(/^or /).first().waitFor();
    await set.getByText(/Threat Analytics/).first().waitFor();

    // The address has what was ticked.
    await page.reload();
    await settled(page);
    await expect.poll(() => page.getByRole("checkbox", { name: "Action center remediation, Email & collaboration" }).isChecked()).toBe(true);

    await enter(set.getByRole("button", { name: "Make this role" }));
    await page.getByRole("heading", { name: "Create custom role" }).waitFor();
    await page.getByRole("tab", { name: /Permissions/ }).click();
    await expect.poll(() => page.getByRole("checkbox", { name: "Search And Purge" }).isChecked()).toBe(true);
  });

  test("says what no role gives", async () => {
    const page = await as("Gita Rao", "/permissions/outcome?do=actions.remediate:cloudapps");
    await page.getByText("No role of a product gives all of it").waitFor();
  });
});
