import assert from "node:assert/strict";
import { test } from "node:test";
import { answer } from "./service.js";

test("greets at the root", async () => {
  const response = answer(new Request("http://localhost/?name=value"));
  assert.equal(response.status, 200);
  assert.equal(await response.text(), "Hello from wasmCloud!\n");
});

test("knows nothing else", () => {
  assert.equal(answer(new Request("http://localhost/else")).status, 404);
});
