//! Everything a bad guest does to its host, one path each; any other path answers "fine".
//!
//! `/trap` before an answer, `/late-trap` after the head and a part of the body, `/later-trap` once
//! these have left, `/no-end` drops its body unfinished, `/spin` for ever, `/grow` until
//! memory is refused (then traps), `/handles`, `/fields` and `/bodies` until the host holds no more for it,
//! `/recurse` without end, `/silent` returns without an answer, `/stall` waits for ever,
//! `/flood` writes a body without end, `/header` tries to smuggle a header, `/echo` does no harm and sends the body back, `/short` promises more body than it sends.
//! `/forward` passes the request on to the URL in `x-target` and its answer back (502 if there is none), `/forward-and-leave` drops
//! the request it has just sent. `/calls` counts them in this instance, and the `/keep-…` let go of something never.
use std::hint::black_box;
use std::sync::atomic::{AtomicU32, Ordering};
use wasip2::http::outgoing_handler;
use wasip2::http::types::{
    Fields, FutureIncomingResponse, IncomingBody, IncomingRequest, OutgoingBody, OutgoingRequest, OutgoingResponse,
    ResponseOutparam, Scheme,
};
use wasip2::io::streams::{OutputStream, StreamError};

struct Hostile;
wasip2::http::proxy::export!(Hostile);

#[allow(unconditional_recursion)]
fn recurse(depth: u64) -> u64 {
    let frame = black_box([depth; 32]);
    recurse(depth + 1) + frame[(depth % 32) as usize]
}

fn answer(out: ResponseOutparam, headers: &[(&str, &str)], write: impl FnOnce(&OutputStream)) {
    let fields = Fields::new();
    for (name, value) in headers {
        fields.append(name, value.as_bytes()).unwrap();
    }
    let response = OutgoingResponse::new(fields);
    let body = response.body().unwrap();
    ResponseOutparam::set(out, Ok(response));
    {
        let stream = body.write().unwrap();
        write(&stream);
    }
    let _ = OutgoingBody::finish(body, None);
}

/// Sends what was received to the URL in `x-target`, whole.
fn send_on(request: IncomingRequest) -> Result<FutureIncomingResponse, String> {
    let target = request.headers().get("x-target").concat();
    let url = String::from_utf8(target).unwrap();
    let (scheme, rest) = url.split_once("://").unwrap();
    let (authority, path) = rest.split_at(rest.find('/').unwrap());
    let outgoing = OutgoingRequest::new(Fields::new());
    outgoing.set_method(&request.method()).unwrap();
    outgoing.set_scheme(Some(if scheme == "http" { &Scheme::Http } else { &Scheme::Https })).unwrap();
    outgoing.set_authority(Some(authority)).unwrap();
    outgoing.set_path_with_query(Some(path)).unwrap();
    let body = outgoing.body().unwrap();
    let future = outgoing_handler::handle(outgoing, None).map_err(|code| format!("{code:?}"))?;
    {
        let from = request.consume().unwrap();
        let input = from.stream().unwrap();
        let output = body.write().unwrap();
        while let Ok(chunk) = input.blocking_read(4096) {
            output.blocking_write_and_flush(&chunk).map_err(|error| format!("{error:?}"))?;
        }
    }
    OutgoingBody::finish(body, None).map_err(|code| format!("{code:?}"))?;
    Ok(future)
}

fn forward(request: IncomingRequest) -> Result<(u16, IncomingBody), String> {
    let future = send_on(request)?;
    future.subscribe().block();
    let response = future.get().unwrap().unwrap().map_err(|code| format!("{code:?}"))?;
    Ok((response.status(), response.consume().unwrap()))
}

fn reply(out: ResponseOutparam, status: u16) -> OutgoingBody {
    let response = OutgoingResponse::new(Fields::new());
    response.set_status_code(status).unwrap();
    let body = response.body().unwrap();
    ResponseOutparam::set(out, Ok(response));
    body
}

/// How many requests this instance has answered in this way, this one included.
fn say_calls(out: ResponseOutparam) {
    static CALLS: AtomicU32 = AtomicU32::new(0);
    let calls = CALLS.fetch_add(1, Ordering::Relaxed) + 1;
    answer(out, &[], |stream| stream.blocking_write_and_flush(calls.to_string().as_bytes()).unwrap());
}

impl wasip2::exports::http::incoming_handler::Guest for Hostile {
    fn handle(request: IncomingRequest, out: ResponseOutparam) {
        let path = request.path_with_query().unwrap_or_default();
        match path.as_str() {
            "/trap" => core::arch::wasm32::unreachable(),
            "/late-trap" => answer(out, &[], |stream| {
                stream.blocking_write_and_flush(b"half of ").unwrap();
                core::arch::wasm32::unreachable()
            }),
            // By then the head and the first part have left.
            "/later-trap" => answer(out, &[], |stream| {
                stream.blocking_write_and_flush(b"half of ").unwrap();
                wasip2::clocks::monotonic_clock::subscribe_duration(50_000_000).block();
                core::arch::wasm32::unreachable()
            }),
            "/no-end" => {
                let response = OutgoingResponse::new(Fields::new());
                let body = response.body().unwrap();
                ResponseOutparam::set(out, Ok(response));
                body.write().unwrap().blocking_write_and_flush(b"no end").unwrap();
                drop(body);
            }
            // What an instance has answered before, and what it forgets to let go of.
            "/calls" => say_calls(out),
            "/keep-request" => {
                say_calls(out);
                std::mem::forget(request);
            }
            "/keep-request-body" => {
                say_calls(out);
                let incoming = request.consume().unwrap();
                std::mem::forget(incoming.stream().unwrap());
                std::mem::forget(incoming);
            }
            "/keep-response-body" => {
                let body = reply(out, 200);
                body.write().unwrap().blocking_write_and_flush(b"half of ").unwrap();
                std::mem::forget(body);
            }
            "/keep-fields" => {
                say_calls(out);
                std::mem::forget(Fields::new());
            }
            "/keep-memory" => {
                say_calls(out);
                core::arch::wasm32::memory_grow(0, 512);
            }
            "/spin" => loop {
                black_box(0);
            },
            "/grow" => {
                while core::arch::wasm32::memory_grow(0, 16) != usize::MAX {}
                core::arch::wasm32::unreachable()
            }
            "/echo" => {
                let incoming = request.consume().unwrap();
                let input = incoming.stream().unwrap();
                answer(out, &[], |output| {
                    while let Ok(chunk) = input.blocking_read(4096) {
                        output.blocking_write_and_flush(&chunk).unwrap();
                    }
                });
            }
            // What each of these keeps is the host's, not in its own memory.
            "/handles" => {
                let mut held = Vec::new();
                loop {
                    held.push(Fields::new());
                }
            }
            "/fields" => {
                let mut held = Vec::new();
                loop {
                    let fields = Fields::new();
                    for _ in 0..60 {
                        fields.append("x", &[b'x'; 1000]).unwrap();
                    }
                    held.push(fields);
                }
            }
            "/bodies" => {
                let mut held = Vec::new();
                loop {
                    let response = OutgoingResponse::new(Fields::new());
                    let body = response.body().unwrap();
                    let stream = body.write().unwrap();
                    for _ in 0..15 {
                        if let Err(StreamError::LastOperationFailed(e)) = stream.blocking_write_and_flush(&[b'x'; 4096]) {
                            panic!("{}", e.to_debug_string());
                        }
                    }
                    held.push((response, body, stream));
                }
            }
            "/forward" => match forward(request) {
                Ok((status, incoming)) => {
                    let body = reply(out, status);
                    {
                        let input = incoming.stream().unwrap();
                        let output = body.write().unwrap();
                        loop {
                            match input.blocking_read(4096) {
                                Ok(chunk) => output.blocking_write_and_flush(&chunk).unwrap(),
                                Err(StreamError::Closed) => break,
                                Err(StreamError::LastOperationFailed(error)) => panic!("{}", error.to_debug_string()),
                            }
                        }
                    }
                    let _ = OutgoingBody::finish(body, None);
                }
                Err(why) => {
                    let body = reply(out, 502);
                    body.write().unwrap().blocking_write_and_flush(why.as_bytes()).unwrap();
                    let _ = OutgoingBody::finish(body, None);
                }
            },
            "/forward-and-leave" => {
                let sent = send_on(request).is_ok();
                let _ = OutgoingBody::finish(reply(out, if sent { 200 } else { 502 }), None);
            }
            "/recurse" => {
                black_box(recurse(0));
            }
            "/silent" => drop(out),
            "/stall" => {
                let forever = wasip2::clocks::monotonic_clock::subscribe_duration(u64::MAX / 4);
                forever.block();
            }
            "/flood" => answer(out, &[], |stream| {
                let chunk = [b'x'; 4096];
                while stream.blocking_write_and_flush(&chunk).is_ok() {}
            }),
            "/header" => {
                let fields = Fields::new();
                let split = fields.append("x-a", b"1\r\nx-evil: 2").is_err();
                let name = fields.append("x a", b"1").is_err();
                let forbidden = fields.append("transfer-encoding", b"chunked").is_err();
                let said = format!("value refused: {split}, name refused: {name}, forbidden: {forbidden}");
                answer(out, &[], |stream| stream.blocking_write_and_flush(said.as_bytes()).unwrap());
            }
            "/short" => answer(out, &[("content-length", "100")], |stream| {
                stream.blocking_write_and_flush(b"only this").unwrap();
            }),
            _ => answer(out, &[], |stream| stream.blocking_write_and_flush(b"fine").unwrap()),
        }
    }
}
