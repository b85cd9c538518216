//! An HTTP listener that takes what a webhook is sent.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::Value;

/// A listener on this machine that answers every post with one status.
#[derive(Debug)]
pub struct Listener {
    address: String,
    posts: Receiver<Value>,
}

impl Listener {
    /// Starts listening. The thread ends with the process.
    ///
    /// # Panics
    /// There is no free port.
    pub fn answering(status: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
        let address = format!("http://{}/hook", listener.local_addr().expect("the listener has an address"));
        let (sender, posts) = channel();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let post = stream.ok().and_then(|stream| answer(stream, status));
                if post.is_some_and(|post| sender.send(post).is_err()) {
                    return;
                }
            }
        });
        Self { address, posts }
    }

    /// The address to post to.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The next post.
    ///
    /// # Panics
    /// There is none within ten seconds.
    pub fn post(&self) -> Value {
        self.posts.recv_timeout(Duration::from_secs(10)).expect("something is posted")
    }

    /// Whether there is another post waiting.
    pub fn has_more(&self) -> bool {
        self.posts.try_recv().is_ok()
    }
}

/// Reads one request and answers it; gives the JSON body.
fn answer(stream: TcpStream, status: u16) -> Option<Value> {
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        if line.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let mut stream = reader.into_inner();
    write!(stream, "HTTP/1.1 {status} Status\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").ok()?;
    serde_json::from_slice(&body).ok()
}
