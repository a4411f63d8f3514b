import { spawn } from "node:child_process";

const program = new URL("../../bin/bailiwick", import.meta.url).pathname;

export interface Demo {
  url: string;
  /** stop ends the server and waits until it has let go of its data. */
  stop: () => Promise<void>;
}

/** serve starts the demo on a directory, and is there once it listens: in a moment where the directory was filled before. */
export async function serve(data: string): Promise<Demo> {
  const server = spawn(program, ["serve", "--demo", "--data", data, "--listen", "127.0.0.1:0"], { stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise<void>((resolve) => server.once("close", () => resolve()));
  let said = "";
  server.stderr.on("data", (part) => (said += part));
  const url = await new Promise<string>((resolve, reject) => {
    server.stdout.on("data", (part) => {
      said += part;
      const listening = /^listening on (\S+)$/m.exec(said);
      if (listening?.[1]) resolve(listening[1]);
    });
    server.once("error", (error) => reject(new Error(`${program} does not start (make build): ${error.message}`)));
    server.once("close", (code) => reject(new Error(`the demo ended with ${code} before it listened:\n${said}`)));
  });
  return {
    url,
    stop: async () => {
      server.kill();
      await ended;
    },
  };
}
