//go:build wasip1

// Package export_wasi_http_incoming_handler is between the host and service/. Its name is that of the interface that it exports.
package export_wasi_http_incoming_handler

import (
	"strings"

	"http-hello-world/service"
	"wit_component/wasi_http_types"

	"go.bytecodealliance.org/pkg/wit/types"
)

// Handle is called for each request, on an instance of its own.
func Handle(request *wasi_http_types.IncomingRequest, out *wasi_http_types.ResponseOutparam) {
	path, _, _ := strings.Cut(request.PathWithQuery().SomeOr("/"), "?")
	status, text := service.Answer(path)
	send(out, status, text)
}

func send(out *wasi_http_types.ResponseOutparam, status uint16, text string) {
	headers := wasi_http_types.MakeFields()
	headers.Append("content-type", []byte("text/plain; charset=utf-8"))
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
