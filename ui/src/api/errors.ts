/** ApiError is a refusal or a failure, in the words of the server. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly requestId?: string,
    readonly details: readonly string[] = [],
    /** Of a refusal: what it takes. */
    readonly capability?: string,
  ) {
    super(message);
    this.name = "ApiError";
  }
}

/** onTheWay is a failure before any answer, in words; what somebody cancelled is left as it is. */
export function onTheWay(error: unknown): unknown {
  return error instanceof TypeError ? new ApiError(503, "The centre can't be reached. Look at your connection, and try again.") : error;
}

/** said is what went wrong, with every detail the server gave. */
export function said(error: Error): string {
  const details = error instanceof ApiError ? error.details.filter((line) => !error.message.includes(line)) : [];
  return [error.message, ...details].join(" ");
}

/** Refusal is why an action is refused: the server's words, and what to ask to know more. */
export class Refusal {
  constructor(
    readonly reason: string,
    readonly capability?: string,
    readonly workloads: readonly string[] = [],
  ) {}
}

interface Action {
  allowed: boolean;
  reason?: string;
  capability?: string;
  workloads?: readonly string[];
}

/** refusalOf is why an action is refused; undefined when it is allowed. What is not said is refused. */
export function refusalOf(action: Action | undefined): Refusal | undefined {
  if (action?.allowed) return undefined;
  return new Refusal(action?.reason || "The server does not offer this to you.", action?.capability, action?.workloads);
}

/** fromResponse reads the error of either surface: problem+json of our own, or the body that Graph clients expect. */
export async function fromResponse(response: Response): Promise<ApiError> {
  const id = response.headers.get("request-id") ?? undefined;
  const fallback = response.status === 401 ? "You are not signed in." : `The server answered ${response.status} ${response.statusText}.`;
  let body: unknown;
  try {
    body = await response.clone().json();
  } catch {
    return new ApiError(response.status, fallback, id);
  }
  return fromBody(response.status, body, fallback, id);
}

export function fromBody(status: number, body: unknown, fallback: string, id?: string): ApiError {
  const problem = record(body);
  const graph = record(problem.error);
  const inner = record(graph.innerError);
  const message = text(graph.message) ?? text(problem.detail) ?? text(problem.title) ?? fallback;
  return new ApiError(status, message, text(inner["request-id"]) ?? text(problem.instance) ?? id, lines(problem), text(problem.capability));
}

// Refusals carry sentences (`lacks`), invalid input carries places (`details`): both are read as lines.
function lines(problem: Record<string, unknown>): string[] {
  const found: string[] = [];
  for (const key of ["lacks", "details"]) {
    const value = problem[key];
    if (!Array.isArray(value)) continue;
    for (const item of value) {
      const one = record(item);
      const said = typeof item === "string" ? item : [text(one.where), text(one.problem), text(one.want)].filter(Boolean).join(": ");
      if (said) found.push(said);
    }
  }
  return found;
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
