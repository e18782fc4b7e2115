//! What the clients of a relay have sent, on its way to the hub: in the order of each client, for all together in few
//! calls.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Duration;

use super::calls::{Act, Acted, Acting, Answers, FromHub, ToHub};
use super::line::pause;
use super::relay::Relay;
use crate::channel::held::Held;
use crate::error::{Error, ErrorCode, ErrorKind, Result};
use crate::message::Frame;
use crate::parts::wire::{ClientFrame, Json};
use crate::sorted::SortedSet;
use crate::{CloseCode, Connection, MemberId};

/// How many calls are on their way to the hub at once, and how many frames and bytes one carries.
const MOST_CALLS: usize = 4;
const MOST_FRAMES: usize = 256;
const MOST_BYTES: usize = 512 * 1024;

/// The most frames that wait.
const MOST_WAITING: usize = 20_000;

/// How often a call is made that gets no answer. What it asks for is done once, however often it arrives.
const ATTEMPTS: u32 = 6;

/// When a client may try again whose frame did not reach the hub.
const RETRY: Duration = Duration::from_secs(5);

/// The part of a connection's data that the lane keeps.
const SAID: &str = "channel.said";

/// What is on its way to the hub.
#[derive(Default)]
pub(super) struct Lane {
    waiting: RefCell<VecDeque<Sent>>,
    /// The clients whose frames are on their way: their next ones wait for the answer.
    busy: RefCell<SortedSet<u64>>,
    calls: Cell<usize>,
}

/// A frame of a client.
struct Sent {
    connection: Connection,
    id: Option<String>,
    is_operation: bool,
    /// What the client says of itself.
    said: Option<Json>,
    acting: Acting,
}

impl Sent {
    fn bytes(&self) -> usize {
        self.acting
            .frames
            .iter()
            .map(|frame| frame.as_str().len())
            .fold(self.acting.uri.len(), usize::saturating_add)
    }

    fn refuse(&self, error: Error) {
        let error = match &self.id {
            Some(id) => error.with_id(id.clone()),
            None => error,
        };
        self.connection.send_error(&error);
    }
}

/// Returns what the client has said of itself since it has connected.
pub(super) fn said(connection: &Connection) -> Result<Option<Json>> {
    Ok(connection.share::<Json>(SAID)?.map(|said| Json::clone(&said)))
}

impl Relay {
    /// Sends a client's frame to the hub. The answers come later.
    pub(super) fn send(self: &Rc<Self>, connection: &Connection, acting: Acting, frame: &ClientFrame) {
        let is_operation = matches!(
            frame,
            ClientFrame::Append { .. }
                | ClientFrame::Edit { .. }
                | ClientFrame::Delete { .. }
                | ClientFrame::Command { .. }
        );
        let id = frame.id().map(str::to_owned);
        let said = match frame {
            ClientFrame::Presence { data, .. } => Some(data.clone()),
            _ => None,
        };
        let sent = Sent { connection: connection.clone(), id, is_operation, said, acting };
        if self.lane.waiting.borrow().len() >= MOST_WAITING {
            let error = Error::client(ErrorCode::SLOW_DOWN, "the room has too much to do, try again later");
            return sent.refuse(error.retry_after(RETRY));
        }
        self.lane.waiting.borrow_mut().push_back(sent);
        self.dispatch();
    }

    /// Calls the hub with what waits, as far as calls are free.
    fn dispatch(self: &Rc<Self>) {
        while self.lane.calls.get() < MOST_CALLS {
            let batch = self.lane.next();
            if batch.is_empty() {
                return;
            }
            self.lane.calls.set(self.lane.calls.get().saturating_add(1));
            let relay = Rc::clone(self);
            self.room.wait_until(async move {
                relay.deliver(&batch).await;
                relay.lane.calls.set(relay.lane.calls.get().saturating_sub(1));
                relay.lane.free(&batch);
                relay.dispatch();
            });
        }
    }

    async fn deliver(self: &Rc<Self>, batch: &[Sent]) {
        match self.acted(batch).await {
            Ok(answers) => {
                for answer in answers {
                    let of_client = || batch.iter().filter(|sent| sent.acting.client == answer.client);
                    let introduced = |sent: &&Sent| sent.id.is_some() && sent.id == answer.introduced;
                    if let Some(Sent { said: Some(said), acting, .. }) = of_client().rfind(introduced)
                        && let Err(error) = self.keep_said(&acting.member, said)
                    {
                        self.room.logged("on_message", None, error);
                    }
                    if let Some(sent) = of_client().next() {
                        self.answer(&sent.connection, answer);
                    }
                }
            }
            Err(error) => {
                self.room.logged("on_message", None, error);
                let error =
                    Error::client(ErrorCode::UNAVAILABLE, "the room cannot be reached, try again later");
                batch.iter().for_each(|sent| sent.refuse(error.clone().retry_after(RETRY)));
            }
        }
    }

    /// Has the hub handle frames, and returns the answers, once all that the hub knew then is here.
    async fn acted(self: &Rc<Self>, batch: &[Sent]) -> Result<Vec<Answers>> {
        let mut failures = 0;
        loop {
            let act = Act { follow: self.stand()?, clients: clients(batch) };
            match self.ask(&ToHub::Act(act)).await {
                Ok(FromHub::Acted(acted)) => {
                    let Acted { news, answers } = *acted;
                    if !self.apply(news)? {
                        self.follow().await?;
                    }
                    return Ok(answers);
                }
                Ok(_) => return Err(Error::new(ErrorKind::Platform, "the hub answers something else")),
                Err(error) if failures >= ATTEMPTS => return Err(error),
                Err(_) => self.room.sleep(pause(failures)).await,
            }
            failures = failures.saturating_add(1);
        }
    }

    /// Keeps what a member says of itself with each of its connections, so that all its devices write under one name.
    fn keep_said(&self, member: &MemberId, said: &Json) -> Result<()> {
        let mut connections = self.connections_of(member)?.into_iter();
        connections.try_for_each(|connection| connection.set_share(SAID, said.clone()))
    }

    fn answer(&self, connection: &Connection, answer: Answers) {
        if let Some((id, millis)) = answer.refused {
            let error = Error::client(
                ErrorCode::SLOW_DOWN,
                "send the frame again first that was refused before this one",
            );
            let error = error.retry_after(Duration::from_millis(millis));
            let held = Held::of(connection);
            held.hold(&id, held.arrives(), &error, self.room.now());
            for later in self.lane.take_operations(answer.client) {
                later.refuse(error.clone());
            }
        }
        for frame in answer.frames {
            connection.send(Frame::from(frame.as_str()));
        }
        if let Some((code, reason)) = answer.close {
            connection.close(CloseCode::new(code).unwrap_or(CloseCode::ERROR), &reason);
        }
    }
}

impl Lane {
    /// Takes the next frames of clients that do not wait for an answer.
    fn next(&self) -> Vec<Sent> {
        let (mut taken, mut bytes) = (Vec::new(), 0_usize);
        let (mut waiting, mut busy) = (self.waiting.borrow_mut(), self.busy.borrow_mut());
        let (mut own, mut kept) = (SortedSet::default(), VecDeque::new());
        while let Some(sent) = waiting.pop_front() {
            let client = sent.acting.client;
            let is_full = taken.len() >= MOST_FRAMES || bytes >= MOST_BYTES;
            if is_full || busy.contains_key(&client) {
                kept.push_back(sent);
                if is_full {
                    break;
                }
                continue;
            }
            bytes = bytes.saturating_add(sent.bytes());
            own.insert(client, ());
            taken.push(sent);
        }
        kept.append(&mut waiting);
        *waiting = kept;
        own.keys().for_each(|client| busy.insert(*client, ()));
        taken
    }

    fn free(&self, batch: &[Sent]) {
        let mut busy = self.busy.borrow_mut();
        for sent in batch {
            busy.remove(&sent.acting.client);
        }
    }

    /// Takes the operations of a client that wait.
    fn take_operations(&self, client: u64) -> Vec<Sent> {
        let mut waiting = self.waiting.borrow_mut();
        let (taken, kept) =
            waiting.drain(..).partition(|sent| sent.acting.client == client && sent.is_operation);
        *waiting = kept;
        let taken: VecDeque<Sent> = taken;
        taken.into()
    }
}

/// Returns the frames of each client together.
fn clients(batch: &[Sent]) -> Vec<Acting> {
    let mut clients: Vec<Acting> = Vec::new();
    for Sent { acting, .. } in batch {
        match clients.iter_mut().find(|known| known.client == acting.client) {
            Some(known) => known.frames.extend(acting.frames.iter().cloned()),
            None => clients.push(acting.clone()),
        }
    }
    clients
}
