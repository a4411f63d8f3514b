import hooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

// Which folder may import which: arrows go down. Pages never import pages, and what pages share knows neither them
// nor the router.
const pages = ["alerts", "incidents", "actions", "analytics", "hunting", "permissions", "access", "account", "signin"];

const noPagesNoRouter = {
  patterns: [
    { group: ["**/pages/**", "**/app/**"], message: "components, lib and api stand below the pages and know none of them" },
    { group: ["react-router", "react-router/**"], message: "only app and pages know the router: take a callback, or a plain href" },
  ],
};

// What a page shows comes when it has come, so a browser test polls for it. What must never be there is looked for at once: not.x, toBe(0).
const looked = "CallExpression[callee.object.callee.name='expect'][callee.object.arguments.0.type='AwaitExpression']";
const lookedAtOnce = [
  `${looked}[callee.object.arguments.0.argument.callee.property.name=/^(innerText|textContent|allInnerTexts|inputValue|getAttribute|title|is[A-Z].*)$/]`,
  `${looked}[callee.object.arguments.0.argument.callee.property.name='count']:not([arguments.0.value=0])`,
].map((selector) => ({ selector, message: "the page may not be there yet: await expect.poll(() => ...)" }));

export default tseslint.config(
  { ignores: ["node_modules", "dist", "src/api/schema.d.ts"] },
  ...tseslint.configs.recommended,
  {
    files: ["src/**/*.{ts,tsx}"],
    plugins: { "react-hooks": hooks },
    rules: {
      ...hooks.configs.recommended.rules,
      "max-lines": ["error", 300],
      "no-restricted-syntax": [
        "error",
        { selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']", message: "everything shown is text" },
      ],
      "no-restricted-properties": ["error", { property: "innerHTML" }, { property: "outerHTML" }],
    },
  },
  { files: ["e2e/**/*.ts"], rules: { "no-restricted-syntax": ["error", ...lookedAtOnce] } },
  { files: ["src/{components,lib,api}/**/*.{ts,tsx}"], rules: { "no-restricted-imports": ["error", noPagesNoRouter] } },
  ...pages.map((page) => ({
    files: [`src/pages/${page}/**/*.{ts,tsx}`],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            {
              group: [...pages.filter((other) => other !== page).map((other) => `../${other}/**`), "**/pages/**", "**/app/**"],
              message: "pages never import pages: what two pages share belongs in components or lib",
            },
          ],
        },
      ],
    },
  })),
);
