/** What a request is answered with. Request and Response are those of the web, so tests run in Node as they are. */
export function answer(request: Request): Response {
  if (new URL(request.url).pathname === "/") return new Response("Hello from wasmCloud!\n");
  return new Response("Not found\n", { status: 404 });
}
