//! An HTTP service: `GET /` is greeted, anything else is not found.
use wasip2::http::types::{
    Fields, IncomingRequest, OutgoingBody, OutgoingResponse, ResponseOutparam,
};

/// What a request is answered with: the status and the text.
fn answer(path: &str) -> (u16, &'static str) {
    match path {
        "/" => (200, "Hello from wasmCloud!\n"),
        _ => (404, "Not found\n"),
    }
}

struct Service;
wasip2::http::proxy::export!(Service);

impl wasip2::exports::http::incoming_handler::Guest for Service {
    fn handle(request: IncomingRequest, out: ResponseOutparam) {
        let target = request.path_with_query().unwrap_or_default();
        let path = target.split('?').next().unwrap_or("/");
        let (status, text) = answer(path);
        // An error here means that the client went away: there is nobody left to tell.
        let _ = send(out, status, text);
    }
}

fn send(out: ResponseOutparam, status: u16, text: &str) -> Result<(), ()> {
    let headers = Fields::new();
    headers
        .set("content-type", &[b"text/plain; charset=utf-8".to_vec()])
        .map_err(drop)?;
    let response = OutgoingResponse::new(headers);
    response.set_status_code(status)?;
    let body = response.body()?;
    ResponseOutparam::set(out, Ok(response));

    let stream = body.write()?;
    // One call takes at most 4096 bytes.
    for chunk in text.as_bytes().chunks(4096) {
        stream.blocking_write_and_flush(chunk).map_err(drop)?;
    }
    drop(stream);
    OutgoingBody::finish(body, None).map_err(drop)
}

#[cfg(test)]
mod tests {
    use super::answer;

    #[test]
    fn greets_at_the_root() {
        assert_eq!(answer("/"), (200, "Hello from wasmCloud!\n"));
    }

    #[test]
    fn knows_nothing_else() {
        assert_eq!(answer("/else"), (404, "Not found\n"));
    }
}
