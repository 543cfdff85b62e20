//! A tenant that computes beside one that answers at once: `/busy?MS` computes for so many milliseconds (50) and then
//! answers, any other path answers "idle". It looks at the clock rarely, so that it hardly ever enters the host.
use std::hint::black_box;
use wasip2::clocks::monotonic_clock;
use wasip2::http::types::{
    Fields, IncomingRequest, OutgoingBody, OutgoingResponse, ResponseOutparam,
};

struct Busy;
wasip2::http::proxy::export!(Busy);

fn compute(milliseconds: u64) -> u64 {
    let end = monotonic_clock::now() + milliseconds * 1_000_000;
    let mut state = 1u64;
    while monotonic_clock::now() < end {
        for step in 0..1_000_000u64 {
            state = black_box(state.wrapping_mul(6364136223846793005).wrapping_add(step));
        }
    }
    state
}

impl wasip2::exports::http::incoming_handler::Guest for Busy {
    fn handle(request: IncomingRequest, out: ResponseOutparam) {
        let path = request.path_with_query().unwrap_or_default();
        let text = match path.strip_prefix("/busy") {
            Some(query) => {
                let milliseconds = query.trim_start_matches('?').parse().unwrap_or(50);
                format!("computed {:016x}\n", compute(milliseconds))
            }
            None => "idle\n".into(),
        };
        let response = OutgoingResponse::new(Fields::new());
        let body = response.body().unwrap();
        ResponseOutparam::set(out, Ok(response));
        let stream = body.write().unwrap();
        stream.blocking_write_and_flush(text.as_bytes()).unwrap();
        drop(stream);
        OutgoingBody::finish(body, None).unwrap();
    }
}
