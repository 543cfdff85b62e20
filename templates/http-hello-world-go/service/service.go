// Package service says what a request is answered with. It knows nothing of WebAssembly, so its test runs on any machine.
package service

// Answer gives the status and the text for a path.
func Answer(path string) (uint16, string) {
	if path == "/" {
		return 200, "Hello from wasmCloud!\n"
	}
	return 404, "Not found\n"
}
