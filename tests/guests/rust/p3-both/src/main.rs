//! A command of both generations: the standard library exports run of WASI 0.2, which is `main`.
use wasip3::cli::stdout;
use wasip3::wit_stream;

struct Command;
wasip3::cli::command::export!(Command);

impl wasip3::exports::cli::run::Guest for Command {
    async fn run() -> Result<(), ()> {
        let (mut writer, reader) = wit_stream::new();
        let done = stdout::write_via_stream(reader);
        writer.write_all(b"run of 0.3\n".to_vec()).await;
        drop(writer);
        done.await.map_err(|_| ())
    }
}

fn main() {
    println!("run of 0.2");
}
