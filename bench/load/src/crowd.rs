//! Many clients in one room. They share one thread with all that this process does, so that a client costs as little as
//! it can.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::task::{JoinHandle, spawn_local};
use tokio::time::{sleep, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::handshake::client::Request;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, WebSocketConfig};

use crate::Result;
use crate::contestant::Contestant;
use crate::server::Server;
use crate::wire;

pub(crate) type Socket = WebSocketStream<TcpStream>;

/// How long anything that must come may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// The time between two messages: longer than the window within which our chat gathers them.
const PAUSE: Duration = Duration::from_millis(6);

/// How much a client reads at once. The default of the library is 128 KiB for each, which 5,000 clients do not need.
const READ_BUFFER: usize = 4 * 1024;

/// How many crowds there were.
static CROWDS: AtomicUsize = AtomicUsize::new(0);

/// A room with its clients.
pub(crate) struct Crowd {
    contestant: Contestant,
    /// The prefix of the ids of its messages. Ids are never used again, in no room and by no crowd.
    prefix: String,
    writers: Vec<SplitSink<Socket, Message>>,
    readers: Vec<JoinHandle<()>>,
    tally: Rc<Tally>,
}

/// What all clients have received together.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// The number of the first message that is counted now. Ids are not used again, and so neither are numbers.
    first: Cell<u32>,
    /// When each message from that one on was sent.
    sent: RefCell<Vec<Instant>>,
    /// How long each message took to each receiver, in microseconds.
    latencies: RefCell<Vec<u32>>,
    /// How many frames were received, with messages or without.
    pub(crate) frames: Cell<u64>,
    /// How many bytes they had.
    pub(crate) bytes: Cell<u64>,
    /// The number of received messages at which a waiting task is woken.
    goal: Cell<usize>,
    reached: Notify,
}

/// A client that has just come in.
pub(crate) struct Arrival {
    socket: Socket,
    /// The frame that greets it; empty where none does.
    pub(crate) greeting: String,
}

/// Connects one client and waits until it is greeted.
pub(crate) async fn arrive(
    server: &Server,
    contestant: Contestant,
    path: &str,
    secret: Option<&str>,
) -> Result<Arrival> {
    let (socket, greeting) = connect(server.port, contestant, path, secret).await?;
    Ok(Arrival { socket, greeting })
}

/// Connects one client. Returns its connection and the frame that greets it; an empty one where none does.
pub(crate) async fn connect(
    port: u16,
    contestant: Contestant,
    path: &str,
    secret: Option<&str>,
) -> Result<(Socket, String)> {
    let stream = TcpStream::connect(("127.0.0.1", port)).await?;
    stream.set_nodelay(true)?;
    let config = WebSocketConfig::default().read_buffer_size(READ_BUFFER);
    let request = request(port, path, secret)?;
    let connected = tokio_tungstenite::client_async_with_config(request, stream, Some(config));
    let (mut socket, _) = timeout(PATIENCE, connected).await??;
    let Some(beginning) = wire::greeting(contestant) else {
        return Ok((socket, String::new()));
    };
    loop {
        let frame = timeout(PATIENCE, socket.next()).await?.ok_or("the room hung up")??;
        if let Message::Text(text) = frame
            && text.starts_with(beginning)
        {
            return Ok((socket, text.as_str().to_owned()));
        }
    }
}

fn request(port: u16, path: &str, secret: Option<&str>) -> Result<Request> {
    let mut request = format!("ws://127.0.0.1:{port}{path}").into_client_request()?;
    if let Some(secret) = secret {
        let offered = HeaderValue::from_str(&format!("party, party.bearer.{secret}"))?;
        request.headers_mut().insert("sec-websocket-protocol", offered);
    }
    Ok(request)
}

impl Arrival {
    /// Returns which log the room has, and its last `seq`.
    pub(crate) fn log(&self) -> Option<(&str, u64)> {
        Some((wire::text_of(&self.greeting, "epoch")?, wire::number_of(&self.greeting, "head")?))
    }

    /// Says goodbye, see [`leave`].
    pub(crate) async fn leave(self) -> Result<()> {
        leave(self.socket).await
    }
}

/// Says goodbye, waits for the room's, and hangs up: workerd does not always do so itself.
pub(crate) async fn leave(mut socket: Socket) -> Result<()> {
    // With a code, as browsers do when the page gives one: `partyserver` does not answer a close that has none.
    socket.close(Some(CloseFrame { code: CloseCode::Normal, reason: "".into() })).await?;
    loop {
        match timeout(PATIENCE, socket.next()).await? {
            Some(Ok(Message::Close(_)) | Err(_)) | None => return Ok(()),
            Some(Ok(_)) => {}
        }
    }
}

impl Crowd {
    /// Connects clients to a room, one after another. In our chat at most `members` are members of their own; the
    /// others are further devices of these.
    pub(crate) async fn gather(
        server: &Server,
        contestant: Contestant,
        room: &str,
        clients: usize,
        members: usize,
    ) -> Result<Self> {
        let mut secrets: Vec<String> = Vec::new();
        let (mut writers, mut readers) = (Vec::new(), Vec::new());
        let tally = Rc::new(Tally::default());
        for client in 0..clients {
            let secret = client.checked_sub(members).and_then(|further| secrets.get(further % members));
            let path = wire::path(contestant, room, client, None);
            let arrival = arrive(server, contestant, &path, secret.map(String::as_str)).await?;
            secrets.extend(wire::text_of(&arrival.greeting, "secret").map(str::to_owned));
            let (writer, reader) = arrival.socket.split();
            writers.push(writer);
            readers.push(spawn_local(listen(reader, Rc::clone(&tally))));
        }
        let crowd = CROWDS.fetch_add(1, Ordering::Relaxed);
        Ok(Self { contestant, prefix: format!("crowd-{crowd}"), writers, readers, tally })
    }

    /// Returns how many clients there are.
    pub(crate) fn len(&self) -> usize {
        self.writers.len()
    }

    /// Returns the counts of what they have received.
    pub(crate) fn tally(&self) -> &Tally {
        &self.tally
    }

    /// Sends `messages` messages of one client at once.
    pub(crate) async fn say(&mut self, client: usize, messages: usize) -> Result<()> {
        let first = self.tally.first.get() + u32::try_from(self.tally.sent.borrow().len())?;
        let numbers: Vec<u32> = (first..first + u32::try_from(messages)?).collect();
        let frames = wire::frames(self.contestant, &self.prefix, &numbers);
        let writer = self.writers.get_mut(client).ok_or("there is no such client")?;
        self.tally.sent.borrow_mut().extend(numbers.iter().map(|_| Instant::now()));
        for frame in frames {
            writer.feed(Message::text(frame)).await?;
        }
        writer.flush().await?;
        Ok(())
    }

    /// Sends messages of the clients in turns, and waits each time until everyone has received it.
    pub(crate) async fn talk(&mut self, messages: usize) -> Result<()> {
        for turn in 0..messages {
            self.say(turn % self.len(), 1).await?;
            self.hear().await?;
            sleep(PAUSE).await;
        }
        Ok(())
    }

    /// Waits until everyone has every message that was said.
    pub(crate) async fn hear(&self) -> Result<()> {
        let goal = self.tally.sent.borrow().len() * self.len();
        self.tally.goal.set(goal);
        let reached = async {
            while self.tally.latencies.borrow().len() < goal {
                self.tally.reached.notified().await;
            }
        };
        timeout(PATIENCE, reached).await.map_err(|_| {
            let there = self.tally.latencies.borrow().len();
            format!("of {goal} messages {there} came to the clients of {}", self.contestant.name())
        })?;
        Ok(())
    }

    /// Returns the latencies so far, in microseconds, and forgets them.
    pub(crate) fn take_latencies(&self) -> Vec<u32> {
        let sent = self.tally.sent.take();
        self.tally.first.set(self.tally.first.get() + u32::try_from(sent.len()).unwrap_or(0));
        self.tally.latencies.take()
    }
}

impl Drop for Crowd {
    fn drop(&mut self) {
        self.readers.iter().for_each(JoinHandle::abort);
    }
}

/// Counts what a client receives until it is closed.
async fn listen(mut reader: SplitStream<Socket>, tally: Rc<Tally>) {
    while let Some(Ok(frame)) = reader.next().await {
        if let Message::Text(text) = frame {
            tally.count(&text);
        }
    }
}

impl Tally {
    fn count(&self, frame: &str) {
        self.frames.set(self.frames.get() + 1);
        self.bytes.set(self.bytes.get() + frame.len() as u64);
        let (sent, mut latencies) = (self.sent.borrow(), self.latencies.borrow_mut());
        for number in wire::numbers(frame) {
            let place = number.checked_sub(self.first.get());
            if let Some(sent) = place.and_then(|place| sent.get(place as usize)) {
                latencies.push(u32::try_from(sent.elapsed().as_micros()).unwrap_or(u32::MAX));
            }
        }
        if latencies.len() >= self.goal.get() {
            self.reached.notify_one();
        }
    }
}
