//! Clients that edit a document together. One of them writes; what it writes is sent on as it was made before.

use std::cell::{Cell, RefCell};
use std::future::ready;
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use tokio::sync::Notify;
use tokio::task::{JoinHandle, spawn_local};
use tokio::time::{interval, timeout};
use tokio_tungstenite::tungstenite::Message;

use crate::Result;
use crate::contestant::Contestant;
use crate::crowd::{Socket, connect, leave};
use crate::server::Server;
use crate::weight::{Progress, Scales};
use crate::wire;
use crate::yjs::{self, Received};

/// How long anything that must come may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// How many changes are on their way at most where they are sent at once.
const WINDOW: usize = 100;

/// How many clients there were.
static CLIENTS: AtomicUsize = AtomicUsize::new(0);

/// A client that has just received the document.
pub(crate) struct Joined {
    pub(crate) socket: Socket,
    /// The document, as one update.
    pub(crate) document: Vec<u8>,
    /// How long it took from opening the connection.
    pub(crate) took: Duration,
}

/// Connects a client that has nothing, and waits until it has the document. Bare objects have none.
pub(crate) async fn join(server: &Server, contestant: Contestant, room: &str) -> Result<Joined> {
    let path = wire::path(contestant, room, CLIENTS.fetch_add(1, Ordering::Relaxed), None);
    let started = Instant::now();
    let (mut socket, _) = connect(server.port, contestant, &path, None).await?;
    if matches!(contestant, Contestant::Insert | Contestant::Echo) {
        return Ok(Joined { socket, document: yjs::EMPTY.to_vec(), took: started.elapsed() });
    }
    socket.send(Message::binary(yjs::WHAT_IS_THERE)).await?;
    loop {
        let frame = timeout(PATIENCE, socket.next()).await?.ok_or("the room hung up")??;
        let Message::Binary(bytes) = frame else { continue };
        match yjs::read(&bytes)? {
            Received::Step1 => socket.send(Message::binary(yjs::NOTHING)).await?,
            Received::Step2(document) => {
                let took = started.elapsed();
                return Ok(Joined { socket, document: document.to_vec(), took });
            }
            Received::Update(_) | Received::Other => {}
        }
    }
}

impl Joined {
    /// Hangs up, and waits until the room has done so.
    pub(crate) async fn leave(self) -> Result<()> {
        leave(self.socket).await
    }
}

/// A room with one client that writes, and others that receive it.
pub(crate) struct Editors {
    contestant: Contestant,
    writer: SplitSink<Socket, Message>,
    /// One for each client, the one that writes included.
    tasks: Vec<JoinHandle<()>>,
    others: usize,
    tally: Rc<Tally>,
}

/// What the others have received together.
#[derive(Default)]
struct Tally {
    /// All changes so far: the weight of each and all before it, and when it was sent.
    sent: RefCell<Vec<(u64, Instant)>>,
    scales: Scales,
    /// How long each took to each receiver, in microseconds.
    latencies: RefCell<Vec<u32>>,
    /// How many changes they have received, and the number at which a waiting task is woken.
    received: Cell<usize>,
    goal: Cell<usize>,
    reached: Notify,
    /// Something was received that cannot be counted.
    trouble: RefCell<Option<String>>,
}

impl Editors {
    /// Connects one client that writes and `others` more.
    pub(crate) async fn gather(
        server: &Server,
        contestant: Contestant,
        room: &str,
        others: usize,
    ) -> Result<Self> {
        let tally = Rc::new(Tally::default());
        let (writer, reader) = join(server, contestant, room).await?.socket.split();
        // What the room sends back to it is read and not counted.
        let mut tasks = vec![spawn_local(reader.for_each(|_| ready(())))];
        for _ in 0..others {
            let (_, reader) = join(server, contestant, room).await?.socket.split();
            tasks.push(spawn_local(receive(reader, Rc::clone(&tally))));
        }
        Ok(Self { contestant, writer, tasks, others, tally })
    }

    /// Writes changes at a steady pace, and waits until all others have them.
    pub(crate) async fn write_at(&mut self, per_second: u32, changes: &[Vec<u8>]) -> Result<()> {
        let mut pace = interval(Duration::from_secs(1) / per_second);
        for change in changes {
            pace.tick().await;
            self.write(change).await?;
        }
        self.hear().await
    }

    /// Writes changes as fast as the others receive them.
    pub(crate) async fn write_all(&mut self, changes: &[Vec<u8>]) -> Result<()> {
        for some in changes.chunks(WINDOW) {
            for change in some {
                self.write(change).await?;
            }
            self.hear().await?;
        }
        Ok(())
    }

    /// Returns the latencies so far, in microseconds, and forgets them.
    pub(crate) fn take_latencies(&self) -> Vec<u32> {
        self.tally.latencies.take()
    }

    async fn write(&mut self, change: &[u8]) -> Result<()> {
        self.tally.sends(change)?;
        self.writer.send(Message::binary(yjs::update(change))).await?;
        Ok(())
    }

    /// Waits until all others have every change.
    async fn hear(&self) -> Result<()> {
        let tally = &self.tally;
        let goal = tally.sent.borrow().len() * self.others;
        tally.goal.set(goal);
        let reached = async {
            while tally.received.get() < goal && tally.trouble.borrow().is_none() {
                tally.reached.notified().await;
            }
        };
        let (heard, name) = (timeout(PATIENCE, reached).await, self.contestant.name());
        if let Some(trouble) = tally.trouble.take() {
            return Err(format!("the clients of {name}: {trouble}").into());
        }
        heard.map_err(|_| {
            format!("of {goal} changes {} came to the clients of {name}", tally.received.get())
        })?;
        Ok(())
    }
}

impl Drop for Editors {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

/// Counts what a client receives until it is closed. Changes come in the order in which they were sent, each in a frame
/// of its own or several in one.
async fn receive(mut reader: SplitStream<Socket>, tally: Rc<Tally>) {
    let mut progress = Progress::default();
    while let Some(Ok(frame)) = reader.next().await {
        if let Message::Binary(bytes) = frame
            && let Err(error) = tally.hears(&bytes, &mut progress)
        {
            tally.trouble.replace(Some(error.to_string()));
            tally.reached.notify_one();
        }
    }
}

impl Tally {
    /// Notes that a change is sent now.
    fn sends(&self, change: &[u8]) -> Result<()> {
        let weight = self.scales.weigh(change)?;
        let mut sent = self.sent.borrow_mut();
        let before = sent.last().map_or(0, |change| change.0);
        sent.push((before + weight, Instant::now()));
        Ok(())
    }

    /// Counts the changes that a client has with this message, and had not before.
    fn hears(&self, message: &[u8], progress: &mut Progress) -> Result<()> {
        let now = Instant::now();
        let Received::Update(update) = yjs::read(message)? else { return Ok(()) };
        let sent = self.sent.borrow();
        let new = progress.advance(self.scales.weigh(update)?, &sent)?;
        let took = new.iter().map(|(_, sent)| now.duration_since(*sent).as_micros());
        self.latencies.borrow_mut().extend(took.map(|micros| u32::try_from(micros).unwrap_or(u32::MAX)));
        self.received.set(self.received.get() + new.len());
        if self.received.get() >= self.goal.get() {
            self.reached.notify_one();
        }
        Ok(())
    }
}
