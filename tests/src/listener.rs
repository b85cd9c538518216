//! An HTTP listener that receives the requests of a webhook.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::Value;

/// A local listener that answers every POST request with one status.
#[derive(Debug)]
pub struct Listener {
    address: String,
    posts: Receiver<Value>,
}

impl Listener {
    /// Starts listening. The thread ends with the process.
    ///
    /// # Panics
    /// Panics if there is no free port.
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

    /// Returns the URL to post to.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Returns the body of the next request.
    ///
    /// # Panics
    /// Panics if there is none within ten seconds.
    pub fn post(&self) -> Value {
        self.posts.recv_timeout(Duration::from_secs(10)).expect("no request within ten seconds")
    }

    /// Returns whether another request is waiting.
    pub fn has_more(&self) -> bool {
        self.posts.try_recv().is_ok()
    }
}

/// Reads one request, answers it and returns the JSON body.
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
