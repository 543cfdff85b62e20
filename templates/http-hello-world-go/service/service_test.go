package service

import "testing"

func TestAnswer(t *testing.T) {
	for _, row := range []struct {
		path   string
		status uint16
		text   string
	}{
		{"/", 200, "Hello from wasmCloud!\n"},
		{"/else", 404, "Not found\n"},
	} {
		status, text := Answer(row.path)
		if status != row.status || text != row.text {
			t.Errorf("%s is answered with %d %q, and should be with %d %q", row.path, status, text, row.status, row.text)
		}
	}
}
