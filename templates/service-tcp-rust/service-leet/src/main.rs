//! A service over TCP: whatever line it is sent, it sends back in leetspeak.
use wstd::io::{AsyncRead, AsyncWrite};
use wstd::iter::AsyncIterator;
use wstd::net::{TcpListener, TcpStream};

/// Beside a component, this is the loopback that only they see.
const ADDRESS: &str = "0.0.0.0:7777";
/// A client that sends more without an end of line is cut off.
const LONGEST_LINE: usize = 64 * 1024;

#[wstd::main]
async fn main() -> wstd::io::Result<()> {
    let listener = TcpListener::bind(ADDRESS).await?;
    println!("listening on {ADDRESS}");
    let mut clients = listener.incoming();
    while let Some(client) = clients.next().await {
        let client = client?;
        wstd::runtime::spawn(async move {
            if let Err(error) = serve(client).await {
                eprintln!("a client went away: {error}");
            }
        })
        .detach();
    }
    Ok(())
}

async fn serve(mut client: TcpStream) -> wstd::io::Result<()> {
    let mut pending = Vec::new();
    let mut buffer = [0; 4096];
    while pending.len() <= LONGEST_LINE {
        let count = client.read(&mut buffer).await?;
        if count == 0 {
            break;
        }
        pending.extend_from_slice(&buffer[..count]);
        while let Some(end) = pending.iter().position(|&byte| byte == b'\n') {
            let line: Vec<u8> = pending.drain(..=end).collect();
            client.write_all(leet(&String::from_utf8_lossy(&line)).as_bytes()).await?;
        }
    }
    Ok(())
}

fn leet(text: &str) -> String {
    let digit = |letter: char| match letter.to_ascii_lowercase() {
        'a' => '4',
        'e' => '3',
        'i' => '1',
        'o' => '0',
        's' => '5',
        't' => '7',
        'l' => '1',
        _ => letter,
    };
    text.chars().map(digit).collect()
}

#[cfg(test)]
mod tests {
    use super::leet;

    #[test]
    fn turns_letters_into_digits() {
        assert_eq!(leet("Leet Toasties\n"), "1337 70457135\n");
    }

    #[test]
    fn leaves_the_rest() {
        assert_eq!(leet("Grüß, Bug 7!"), "Grüß, Bug 7!");
    }
}
