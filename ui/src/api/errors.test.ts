import { expect, test } from "vitest";
import { ApiError, onTheWay } from "./errors";

test("a server that does not answer is told in words, and may be asked again", () => {
  const told = onTheWay(new TypeError("Failed to fetch"));
  expect(told).toBeInstanceOf(ApiError);
  expect((told as ApiError).message).toBe("The centre can't be reached. Look at your connection, and try again.");
  expect((told as ApiError).status).toBeGreaterThanOrEqual(500);
});

test("what somebody cancelled, and what the server refused, stay what they are", () => {
  for (const error of [new DOMException("aborted", "AbortError"), new ApiError(403, "no")]) expect(onTheWay(error)).toBe(error);
});
