package service

import (
	"errors"
	"testing"
)

// memory is a store that fails for the key "broken".
type memory map[string][]byte

func (m memory) Get(key string) ([]byte, error) {
	if key == "broken" {
		return nil, errors.New("no such disk")
	}
	return m[key], nil
}

func (m memory) Set(key string, value []byte) error {
	m[key] = value
	return nil
}

func TestRoute(t *testing.T) {
	store := memory{}
	for _, row := range []struct {
		name, method, query, body string
		status                    uint16
		text                      string // empty: anything
	}{
		{"stores", "POST", "", `{"key": "a b", "value": "1"}`, 200, "[in_memory] Stored key 'a b'\n"},
		{"reads what was stored", "GET", "key=a+b", "", 200, "[in_memory] 1\n"},
		{"finds nothing else", "GET", "key=c", "", 404, "[in_memory] Key 'c' not found\n"},
		{"wants a key", "GET", "", "", 400, "Missing parameter 'key'\n"},
		{"wants JSON", "POST", "", "no JSON", 400, ""},
		{"wants an object", "POST", "", "[]", 400, ""},
		{"wants both", "POST", "", "{}", 400, ""},
		{"wants texts", "POST", "", `{"key": 1, "value": "1"}`, 400, ""},
		{"knows no other method", "PUT", "", "", 405, "Method not allowed; use GET or POST\n"},
		{"says that the store failed", "GET", "key=broken", "", 500, "cannot read 'broken': no such disk\n"},
	} {
		t.Run(row.name, func(t *testing.T) {
			status, text := Route(store, row.method, row.query, []byte(row.body))
			if status != row.status || (row.text != "" && text != row.text) {
				t.Errorf("it is answered with %d %q, and should be with %d %q", status, text, row.status, row.text)
			}
		})
	}
}
