//! A command of WASI 0.3: the first argument says what it does.
use futures::join;
use wasip3::cli::{environment, exit, stderr, stdin, stdout};
use wasip3::clocks::monotonic_clock;
use wasip3::filesystem::preopens;
use wasip3::filesystem::types::{Descriptor, DescriptorFlags, ErrorCode, OpenFlags, PathFlags};
use wasip3::wit_bindgen::{self, StreamReader, StreamResult};
use wasip3::wit_stream;

struct Command;
wasip3::cli::command::export!(Command);

impl wasip3::exports::cli::run::Guest for Command {
    async fn run() -> Result<(), ()> {
        let args = environment::get_arguments();
        let arg = |i: usize| args.get(i).map(String::as_str).unwrap_or("");
        match arg(1) {
            "args" => print(&(args[2..].join("\n") + "\n")).await,
            "upper" => return upper().await,
            "both" => {
                let (mut writer, reader) = wit_stream::new();
                let done = stderr::write_via_stream(reader);
                writer.write_all(b"err\n".to_vec()).await;
                drop(writer);
                done.await.unwrap();
                print("out\n").await;
            }
            "exit" => exit::exit_with_code(arg(2).parse().unwrap()),
            "fail" => return Err(()),
            "panic" => panic!("on purpose"),
            "sleep" => {
                let begin = monotonic_clock::now();
                monotonic_clock::wait_for(arg(2).parse::<u64>().unwrap() * 1_000_000).await;
                print(&format!("{}\n", (monotonic_clock::now() - begin) / 1_000_000)).await;
            }
            // What was spawned goes on after the result.
            "late" => {
                wit_bindgen::spawn_local(async {
                    monotonic_clock::wait_for(20_000_000).await;
                    print("late\n").await;
                });
                print("early\n").await;
            }
            "files" => files().await,
            other => print(&format!("unknown: {other}\n")).await,
        }
        Ok(())
    }
}

async fn print(text: &str) {
    let (mut writer, reader) = wit_stream::new();
    let done = stdout::write_via_stream(reader);
    let written = async move { writer.write_all(text.as_bytes().to_vec()).await };
    join!(written, done.into_future()).1.unwrap();
}

/// Standard input in capitals, and its size to standard error.
async fn upper() -> Result<(), ()> {
    let (mut out, out_reader) = wit_stream::new();
    let written = stdout::write_via_stream(out_reader);
    let (mut input, read) = stdin::read_via_stream();
    let copy = async {
        let mut total = 0;
        loop {
            let (result, mut chunk) = input.read(Vec::with_capacity(16 * 1024)).await;
            total += chunk.len();
            chunk.make_ascii_uppercase();
            out.write_all(chunk).await;
            if !matches!(result, StreamResult::Complete(_)) {
                break;
            }
        }
        drop((out, input));
        total
    };
    let (total, written, read) = join!(copy, written.into_future(), read.into_future());
    written.map_err(|_| ())?;
    read.map_err(|_| ())?;
    let (mut writer, reader) = wit_stream::new();
    let done = stderr::write_via_stream(reader);
    let text = format!("{total} bytes\n");
    join!(async move { writer.write_all(text.into_bytes()).await }, done.into_future()).1.map_err(|_| ())
}

async fn collect(mut stream: StreamReader<u8>) -> Vec<u8> {
    let mut all = Vec::new();
    loop {
        let (result, chunk) = stream.read(Vec::with_capacity(10_000)).await;
        all.extend(chunk);
        if !matches!(result, StreamResult::Complete(_)) {
            return all;
        }
    }
}

async fn read(file: &Descriptor, offset: u64) -> Result<Vec<u8>, ErrorCode> {
    let (stream, end) = file.read_via_stream(offset);
    let all = collect(stream).await;
    end.await.map(|_| all)
}

/// Works through the first folder it was given and prints one line per step.
async fn files() {
    let (folder, name) = preopens::get_directories().into_iter().next().unwrap();
    print(&format!("in {name}\n")).await;
    let both = DescriptorFlags::READ | DescriptorFlags::WRITE;
    let open = |name: &str, how, flags| folder.open_at(PathFlags::empty(), name.to_string(), how, flags);
    let file = open("a", OpenFlags::CREATE, both).await.unwrap();
    let text: Vec<u8> = (0..200_000u32).map(|i| (i % 251) as u8).collect();
    let (mut writer, reader) = wit_stream::new();
    let done = file.write_via_stream(reader, 3);
    let bytes = text.clone();
    join!(async move { writer.write_all(bytes).await }, done.into_future()).1.unwrap();
    let (mut writer, reader) = wit_stream::new();
    let done = file.append_via_stream(reader);
    join!(async move { writer.write_all(b"end".to_vec()).await }, done.into_future()).1.unwrap();
    print(&format!("size {}\n", file.stat().await.unwrap().size)).await;
    let all = read(&file, 3).await.unwrap();
    print(&format!("same {}\n", all[..text.len()] == text && all.ends_with(b"end"))).await;
    file.set_size(5).await.unwrap();
    print(&format!("cut {:?}\n", read(&file, 0).await.unwrap())).await;
    folder.create_directory_at("dir".into()).await.unwrap();
    folder.rename_at("a".into(), &folder, "dir/b".into()).await.unwrap();
    print(&format!("missing {:?}\n", open("a", OpenFlags::empty(), both).await.unwrap_err())).await;
    print(&format!("outside {:?}\n", open("../x", OpenFlags::empty(), both).await.unwrap_err())).await;
    print(&format!("folder {:?}\n", read(&folder, 0).await.unwrap_err())).await;
    let (mut entries, end) = folder.read_directory();
    let mut names = Vec::new();
    while let Some(entry) = entries.next().await {
        names.push(format!("{} {:?}", entry.name, entry.type_));
    }
    end.await.unwrap();
    names.sort();
    print(&format!("list {names:?}\n")).await;
    print(&format!("full {:?}\n", folder.remove_directory_at("dir".into()).await.unwrap_err())).await;
    folder.unlink_file_at("dir/b".into()).await.unwrap();
    folder.remove_directory_at("dir".into()).await.unwrap();
}
