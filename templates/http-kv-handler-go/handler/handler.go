//go:build wasip1

// Package export_wasi_http_incoming_handler is between the host and service/. Its name is that of the interface that it exports.
package export_wasi_http_incoming_handler

import (
	"errors"
	"fmt"
	"strings"

	"http-kv-handler/service"
	"wit_component/wasi_http_types"
	"wit_component/wasi_keyvalue_store"

	"go.bytecodealliance.org/pkg/wit/types"
)

// Handle is called for each request, on an instance of its own.
func Handle(request *wasi_http_types.IncomingRequest, out *wasi_http_types.ResponseOutparam) {
	_, query, _ := strings.Cut(request.PathWithQuery().SomeOr("/"), "?")
	opened := wasi_keyvalue_store.Open(service.Bucket)
	if opened.IsErr() {
		send(out, 500, fmt.Sprintf("cannot open the bucket '%s': %v\n", service.Bucket, errorOf(opened.Err())))
		return
	}
	bucket := opened.Ok()
	defer bucket.Drop()
	status, text := service.Route(store{bucket}, methodOf(request), query, readAll(request))
	send(out, status, text)
}

// store is a bucket of the host.
type store struct {
	bucket *wasi_keyvalue_store.Bucket
}

func (s store) Get(key string) ([]byte, error) {
	got := s.bucket.Get(key)
	if got.IsErr() {
		return nil, errorOf(got.Err())
	}
	if got.Ok().IsNone() {
		return nil, nil
	}
	// An empty value is a value, too.
	return append([]byte{}, got.Ok().Some()...), nil
}

func (s store) Set(key string, value []byte) error {
	if set := s.bucket.Set(key, value); set.IsErr() {
		return errorOf(set.Err())
	}
	return nil
}

func errorOf(err wasi_keyvalue_store.Error) error {
	switch err.Tag() {
	case wasi_keyvalue_store.Error_NoSuchStore:
		return errors.New("there is no such bucket")
	case wasi_keyvalue_store.Error_AccessDenied:
		return errors.New("access is denied")
	}
	return errors.New(err.Other())
}

func methodOf(request *wasi_http_types.IncomingRequest) string {
	switch request.Method().Tag() {
	case wasi_http_types.Method_Get:
		return "GET"
	case wasi_http_types.Method_Post:
		return "POST"
	}
	return ""
}

func readAll(request *wasi_http_types.IncomingRequest) []byte {
	var data []byte
	body := request.Consume().Ok()
	stream := body.Stream().Ok()
	// The end of the body is an error, too.
	for chunk := stream.BlockingRead(64 * 1024); chunk.IsOk(); chunk = stream.BlockingRead(64 * 1024) {
		data = append(data, chunk.Ok()...)
	}
	stream.Drop()
	body.Drop()
	return data
}

func send(out *wasi_http_types.ResponseOutparam, status uint16, text string) {
	headers := wasi_http_types.MakeFields()
	headers.Append("content-type", []byte("text/plain; charset=utf-8"))
	if status == 405 {
		headers.Append("allow", []byte("GET, POST"))
	}
	response := wasi_http_types.MakeOutgoingResponse(headers)
	response.SetStatusCode(status)
	body := response.Body().Ok()
	wasi_http_types.ResponseOutparamSet(out,
		wit_types.Ok[*wasi_http_types.OutgoingResponse, wasi_http_types.ErrorCode](response))

	stream := body.Write().Ok()
	// One call takes at most 4096 bytes. An error means that the client went away.
	for data := []byte(text); len(data) > 0; {
		chunk := data[:min(len(data), 4096)]
		if stream.BlockingWriteAndFlush(chunk).IsErr() {
			break
		}
		data = data[len(chunk):]
	}
	stream.Drop()
	wasi_http_types.OutgoingBodyFinish(body, wit_types.None[*wasi_http_types.Fields]())
}
