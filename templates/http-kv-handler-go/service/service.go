// Package service is the service, on any store. It knows nothing of WebAssembly, so its test gives it a store of its own.
package service

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
)

// Bucket is the name of the bucket that holds the values.
const Bucket = "in_memory"

// Store is where values are kept.
type Store interface {
	// Get gives nil where there is no value.
	Get(key string) ([]byte, error)
	Set(key string, value []byte) error
}

// Route gives the status and the text for a request.
func Route(store Store, method, query string, body []byte) (uint16, string) {
	switch method {
	case "GET":
		return read(store, query)
	case "POST":
		return write(store, body)
	}
	return 405, "Method not allowed; use GET or POST\n"
}

func read(store Store, query string) (uint16, string) {
	// What cannot be read of a query is left out.
	values, _ := url.ParseQuery(query)
	if !values.Has("key") {
		return 400, "Missing parameter 'key'\n"
	}
	key := values.Get("key")
	value, err := store.Get(key)
	if err != nil {
		return 500, fmt.Sprintf("cannot read '%s': %v\n", key, err)
	}
	if value == nil {
		return 404, fmt.Sprintf("[%s] Key '%s' not found\n", Bucket, key)
	}
	return 200, fmt.Sprintf("[%s] %s\n", Bucket, value)
}

type entry struct {
	Key   *string `json:"key"`
	Value *string `json:"value"`
}

func write(store Store, body []byte) (uint16, string) {
	var given entry
	err := json.Unmarshal(body, &given)
	if err == nil && (given.Key == nil || given.Value == nil) {
		err = errors.New("one of them is missing")
	}
	if err != nil {
		return 400, fmt.Sprintf("expected {\"key\": \"...\", \"value\": \"...\"}: %v\n", err)
	}
	if err := store.Set(*given.Key, []byte(*given.Value)); err != nil {
		return 500, fmt.Sprintf("cannot store '%s': %v\n", *given.Key, err)
	}
	return 200, fmt.Sprintf("[%s] Stored key '%s'\n", Bucket, *given.Key)
}
