import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// The server that `npm run dev` talks to; in the binary the portal and the API share one origin.
const server = process.env.BAILIWICK_URL ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react({ jsxImportSource: "#portal" })],
  // The server puts a fresh nonce in place of this word in each page it answers.
  html: { cspNonce: "__CSP_NONCE__" },
  build: {
    outDir: "../internal/server/portal/dist",
    emptyOutDir: true, // public/ puts the .keep back that Go needs to embed a folder without a build.
    assetsInlineLimit: 0, // The content security policy allows no inlined scripts or fonts.
    chunkSizeWarningLimit: 1200,
  },
  server: {
    proxy: Object.fromEntries(["/api", "/v1.0"].map((path) => [path, { target: server, changeOrigin: true }])),
  },
});
