//! Very many clients in one room of our chat. They come back by themselves and resume, as a large room needs: it closes
//! clients when it moves them to other objects. They share one thread with all that this process does.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::pending;
use std::pin::pin;
use std::rc::Rc;
use std::time::{Duration, Instant};

use futures_util::future::{Either, select};
use futures_util::{SinkExt, StreamExt};
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::sync::{Notify, Semaphore, watch};
use tokio::task::{JoinHandle, spawn_local};
use tokio::time::{sleep, timeout};
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};

use crate::Result;
use crate::contestant::Contestant::Chat;
use crate::crowd::{Socket, connect};
use crate::server::Server;
use crate::wire;

/// How long anything that must come may take.
const PATIENCE: Duration = Duration::from_secs(180);

/// How many clients connect at the same time.
const TOGETHER: usize = 128;

/// How long a client waits that could not connect.
const AGAIN: Duration = Duration::from_millis(500);

/// After which time without a welcome a room has moved everyone who was to be moved.
const SETTLED: Duration = Duration::from_secs(4);

/// A room with its clients, each of which is a member of its own.
pub(crate) struct Audience {
    hall: Rc<Hall>,
    /// The clients, in the order in which they came. The first is the one that writes, and stays.
    writer: Option<Client>,
    others: VecDeque<Client>,
    says: UnboundedSender<String>,
    messages: u32,
    came: usize,
    cut: watch::Sender<()>,
}

/// A client, which hangs up when it is dropped.
struct Client(JoinHandle<()>);

/// What the clients share.
struct Hall {
    port: u16,
    room: String,
    connecting: Semaphore,
    /// How many clients are welcomed now, and how often one was.
    here: Cell<usize>,
    welcomes: Cell<usize>,
    /// The number of the message that is awaited, when it was sent, and how long it took to each, in microseconds.
    awaited: Cell<u32>,
    sent: Cell<Instant>,
    latencies: RefCell<Vec<u32>>,
    changed: Notify,
}

/// A client counts as here until this is dropped.
struct Here<'a>(&'a Hall);

/// What a client keeps for when it comes back.
#[derive(Default)]
struct Known {
    secret: Option<String>,
    epoch: String,
    position: Option<String>,
    /// The last text with an entry.
    last: Option<Utf8Bytes>,
}

impl Audience {
    /// Gathers clients in a room, until the room has moved none of them for a while.
    pub(crate) async fn gather(server: &Server, room: &str, clients: usize) -> Result<Self> {
        let hall = Rc::new(Hall {
            port: server.port,
            room: room.to_owned(),
            connecting: Semaphore::new(TOGETHER),
            here: Cell::new(0),
            welcomes: Cell::new(0),
            awaited: Cell::new(0),
            sent: Cell::new(Instant::now()),
            latencies: RefCell::default(),
            changed: Notify::new(),
        });
        let ((says, said), (cut, _)) = (mpsc::unbounded_channel(), watch::channel(()));
        let mut all = Self { hall, writer: None, others: VecDeque::new(), says, messages: 0, came: 0, cut };
        all.writer = Some(all.comes(Some(said)));
        while all.len() < clients {
            let client = all.comes(None);
            all.others.push_back(client);
        }
        all.settle().await?;
        Ok(all)
    }

    /// Returns how many clients there are.
    pub(crate) fn len(&self) -> usize {
        self.others.len() + usize::from(self.writer.is_some())
    }

    fn comes(&mut self, said: Option<UnboundedReceiver<String>>) -> Client {
        let client = live(Rc::clone(&self.hall), self.came, self.cut.subscribe(), said);
        self.came += 1;
        Client(spawn_local(client))
    }

    /// Waits until every client is here, and none was welcomed again for a while.
    pub(crate) async fn settle(&self) -> Result<()> {
        loop {
            self.until(|hall| hall.here.get() == self.len()).await?;
            let welcomes = self.hall.welcomes.get();
            sleep(SETTLED).await;
            if self.hall.welcomes.get() == welcomes && self.hall.here.get() == self.len() {
                return Ok(());
            }
        }
    }

    /// Sends one message, and returns how long it took to each client, in microseconds.
    pub(crate) async fn say(&mut self) -> Result<Vec<u32>> {
        self.messages += 1;
        self.hall.awaited.set(self.messages);
        self.hall.latencies.take();
        self.hall.sent.set(Instant::now());
        for frame in wire::frames(Chat, &self.hall.room, &[self.messages]) {
            self.says.send(frame)?;
        }
        self.until(|hall| hall.latencies.borrow().len() >= self.len()).await?;
        Ok(self.hall.latencies.take())
    }

    /// Cuts every connection, and waits until all clients are back. Returns how long that took.
    pub(crate) async fn storm(&self) -> Result<Duration> {
        let (started, welcomes) = (Instant::now(), self.hall.welcomes.get());
        self.cut.send(())?;
        self.until(|hall| hall.welcomes.get() >= welcomes + self.len() && hall.here.get() == self.len())
            .await?;
        Ok(started.elapsed())
    }

    /// Has the client that came first leave and another come, for a time and as fast as the room goes along. Returns
    /// how many came.
    pub(crate) async fn churn(&mut self, time: Duration) -> Result<usize> {
        let (started, before) = (Instant::now(), self.came);
        while started.elapsed() < time {
            // The oldest leaves as it is dropped.
            drop(self.others.pop_front());
            let client = self.comes(None);
            self.others.push_back(client);
            self.until(|hall| hall.here.get() + TOGETHER > self.len()).await?;
        }
        self.until(|hall| hall.here.get() == self.len()).await?;
        Ok(self.came - before)
    }

    async fn until(&self, holds: impl Fn(&Hall) -> bool) -> Result<()> {
        let comes = async {
            while !holds(&self.hall) {
                self.hall.changed.notified().await;
            }
            // The clients have their turns, also where nothing is to be waited for.
            tokio::task::yield_now().await;
        };
        timeout(PATIENCE, comes).await.map_err(|_| {
            let (here, have) = (self.hall.here.get(), self.hall.latencies.borrow().len());
            format!("of {} clients {here} are here, and {have} have the last message", self.len())
        })?;
        Ok(())
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Drop for Here<'_> {
    fn drop(&mut self) {
        self.0.here.set(self.0.here.get() - 1);
        self.0.changed.notify_one();
    }
}

/// Connects a client, again and again. One that is cut comes back like one that the room has closed.
async fn live(
    hall: Rc<Hall>,
    number: usize,
    mut cut: watch::Receiver<()>,
    mut said: Option<UnboundedReceiver<String>>,
) {
    let mut known = Known::default();
    loop {
        let permit = hall.connecting.acquire().await;
        let welcomed = hall.welcome(number, &mut known).await;
        drop(permit);
        let Ok(socket) = welcomed else {
            sleep(AGAIN).await;
            continue;
        };
        let _here = hall.comes();
        cut.mark_unchanged();
        let (talk, cut) = (pin!(hall.talk(socket, &mut known, said.as_mut())), pin!(cut.changed()));
        select(talk, cut).await;
    }
}

impl Hall {
    fn comes(&self) -> Here<'_> {
        self.here.set(self.here.get() + 1);
        self.welcomes.set(self.welcomes.get() + 1);
        self.changed.notify_one();
        Here(self)
    }

    /// Connects a client and waits until it is welcomed.
    async fn welcome(&self, number: usize, known: &mut Known) -> Result<Socket> {
        let path = wire::path(Chat, &self.room, number, known.position().as_deref());
        let (socket, greeting) = connect(self.port, Chat, &path, known.secret.as_deref()).await?;
        known.last = None;
        known.epoch = wire::text_of(&greeting, "epoch").unwrap_or_default().to_owned();
        known.position = wire::text_of(&greeting, "position").map(str::to_owned);
        if let Some(secret) = wire::text_of(&greeting, "secret") {
            known.secret = Some(secret.to_owned());
        }
        // One that was moved meanwhile receives with its welcome what it has missed.
        self.hear(&greeting);
        Ok(socket)
    }

    /// Receives until the connection ends, and sends what is to be said.
    async fn talk(
        &self,
        mut socket: Socket,
        known: &mut Known,
        mut said: Option<&mut UnboundedReceiver<String>>,
    ) {
        loop {
            let says = pin!(async {
                match &mut said {
                    Some(said) => said.recv().await,
                    None => pending().await,
                }
            });
            let next = match select(socket.next(), says).await {
                Either::Left((frame, _)) => Ok(frame),
                Either::Right((said, _)) => Err(said),
            };
            match next {
                Ok(Some(Ok(Message::Text(text)))) => self.receive(text, known),
                Ok(Some(Ok(Message::Close(_)) | Err(_)) | None) => return,
                Ok(Some(Ok(_))) | Err(None) => {}
                Err(Some(frame)) => {
                    if socket.send(Message::text(frame)).await.is_err() {
                        return;
                    }
                }
            }
        }
    }

    fn receive(&self, text: Utf8Bytes, known: &mut Known) {
        self.hear(&text);
        if text.contains(wire::ENTRY) {
            known.last = Some(text);
        }
    }

    /// Notes when the awaited message is in a text.
    fn hear(&self, text: &str) {
        let awaited = self.awaited.get();
        for number in wire::numbers(text) {
            if number == awaited {
                let took = self.sent.get().elapsed().as_micros();
                self.latencies.borrow_mut().push(u32::try_from(took).unwrap_or(u32::MAX));
                self.changed.notify_one();
            }
        }
    }
}

impl Known {
    fn position(&self) -> Option<String> {
        let after_last = self.last.as_ref().and_then(|text| wire::position_after(&self.epoch, text));
        after_last.or_else(|| self.position.clone())
    }
}
