//! Commits operations and sends the results: new entries to everyone, the rest to the client that asked.

use std::future::poll_fn;
use std::task::Poll;

use super::asker::Asker;
use super::context::Context;
use super::members::Session;
use super::operation::{Kind, Operation};
use super::rules::{Attempt, Derives, Effect, Rules};
use super::{BATCHED, Channel, MEMBER, SINGLE};
use crate::error::{Error, ErrorCode, Result};
use crate::message::Frame;
use crate::parts::log::{Append, Change, Outcome, Revision};
use crate::parts::wire::{Ack, Entry, ServerFrame};
use crate::{MemberId, Room, Timestamp};

/// An operation that was attempted.
struct Attempted<'a, R: Rules> {
    operation: &'a Operation<R>,
    by: Context<'a, R>,
    done: Result<Done>,
}

/// The order of operations that are committed together: none of a client's overtakes an earlier one that its client may
/// try again.
struct Order<'a, R: Rules> {
    now: Timestamp,
    /// The clients of which one was refused for a while, and the error.
    refused: Vec<(&'a Asker<R>, Error)>,
}

impl<'a, R: Rules> Order<'a, R> {
    fn new(now: Timestamp) -> Self {
        Self { now, refused: Vec::new() }
    }

    fn allows(&self, operation: &Operation<R>) -> Result<()> {
        if operation.session.protocol > 0 {
            return Ok(());
        }
        match self.refused.iter().find(|(from, _)| **from == operation.from) {
            Some((_, error)) => Err(error.clone()),
            None => operation.from.held().check_arrived(&operation.id, operation.arrival, self.now),
        }
    }

    /// Attempts an operation in its turn.
    fn attempt(&mut self, channel: &'a Channel<R>, operation: &'a Operation<R>) -> Result<Attempted<'a, R>> {
        if let Err(error) = self.allows(operation) {
            return Ok(Attempted { operation, by: operation.context(channel)?, done: Err(error) });
        }
        let attempted = channel.attempt(operation)?;
        if let Err(error) = &attempted.done
            && error.retry_time().is_some()
        {
            self.refused.push((&operation.from, error.clone()));
        }
        Ok(attempted)
    }
}

/// The outcome of an operation.
pub(super) enum Done {
    /// A new entry.
    New(Entry),
    /// It was done before; its entry has this `seq`, if it has one.
    Known(Option<u64>),
    /// It was done, and left no entry.
    Nothing,
}

impl<R: Rules> Channel<R> {
    /// Commits a member's operations: at once, or under load together with what arrives within the batch window, if its
    /// client accepts batches.
    pub(super) async fn commit(
        &self,
        session: Session,
        member: &MemberId,
        operations: Vec<Operation<R>>,
    ) -> Result<()> {
        let operations = self.within_room_rate(operations);
        if operations.is_empty() {
            return Ok(());
        }
        let Some(review) = self.options.review else { return self.commit_soon(session, operations).await };
        let turn = self.turns.queue(member);
        let operations = self.reviewed(review, operations).await;
        turn.comes().await;
        self.commit_soon(session, operations).await
    }

    /// Commits operations of clients of a relay, which has gathered them.
    pub(super) async fn commit_relayed(&self, operations: Vec<Operation<R>>) -> Result<()> {
        let operations = self.within_room_rate(operations);
        let Some(review) = self.options.review else { return self.commit_now(&operations) };
        let mut members: Vec<Vec<Operation<R>>> = Vec::new();
        for operation in operations {
            match members
                .iter_mut()
                .find(|of| of.first().is_some_and(|first| first.member == operation.member))
            {
                Some(of_member) => of_member.push(operation),
                None => members.push(vec![operation]),
            }
        }
        let committed = members.into_iter().map(|operations| async {
            let member = operations.first().map(|first| first.member.clone());
            let turn = member.map(|member| self.turns.queue(&member));
            let operations = self.reviewed(review, operations).await;
            if let Some(turn) = &turn {
                turn.comes().await;
            }
            self.commit_now(&operations)
        });
        all(committed).await.into_iter().collect()
    }

    async fn commit_soon(&self, session: Session, operations: Vec<Operation<R>>) -> Result<()> {
        if !session.batch {
            return self.commit_now(&operations);
        }
        match self.batch.gather(operations).await {
            Some(together) => self.commit_now(&together.into_iter().flatten().collect::<Vec<_>>()),
            None => Ok(()),
        }
    }

    fn commit_now(&self, operations: &[Operation<R>]) -> Result<()> {
        let attempted = self.attempt_together(operations)?;
        let (mut entries, mut others, mut contexts) = (Vec::new(), Vec::new(), Vec::new());
        for Attempted { operation, by, done } in attempted {
            // What rules have asked to be sent of an operation that was refused, or was done before, is not sent.
            if matches!(done, Ok(Done::New(_) | Done::Nothing)) {
                contexts.push(by);
            }
            match done {
                Ok(Done::New(entry)) => entries.push(entry),
                other => others.push((operation, other)),
            }
        }
        // First, since a new entry may be what a client has sent twice at once.
        self.publish(entries)?;
        for (operation, done) in others {
            self.answer(operation, done)?;
        }
        contexts.iter().try_for_each(Context::release)
    }

    /// Attempts operations in one transaction. Where the database refuses that, each is attempted on its own, so that
    /// one that fails does not make others fail.
    fn attempt_together<'a>(&'a self, operations: &'a [Operation<R>]) -> Result<Vec<Attempted<'a, R>>> {
        // A single operation brings the transaction that it needs.
        if operations.len() > 1
            && let Ok(attempted) = self.sql.transaction(|| self.attempt_all(operations))
        {
            return Ok(attempted);
        }
        let mut order = Order::new(self.room.now());
        operations.iter().map(|operation| order.attempt(self, operation)).collect()
    }

    /// Attempts operations; appends that follow each other in one statement.
    fn attempt_all<'a>(&'a self, operations: &'a [Operation<R>]) -> Result<Vec<Attempted<'a, R>>> {
        let mut attempted = Vec::with_capacity(operations.len());
        let mut order = Order::new(self.room.now());
        for run in operations.chunk_by(|one, next| one.is_append() && next.is_append()) {
            if run.len() > 1
                && run.iter().all(|operation| order.allows(operation).is_ok())
                && let Some(appended) = self.append_all(run)?
            {
                attempted.extend(appended);
                continue;
            }
            for operation in run {
                let one = order.attempt(self, operation)?;
                match one.done {
                    Err(error) if !error.is_public() => return Err(error),
                    _ => attempted.push(one),
                }
            }
        }
        Ok(attempted)
    }

    /// Appends items in one statement; `None` if they cannot be, and then nothing is appended.
    fn append_all<'a>(&'a self, operations: &'a [Operation<R>]) -> Result<Option<Vec<Attempted<'a, R>>>> {
        let at = self.room.now();
        let (mut contexts, mut items) = (Vec::new(), Vec::new());
        for operation in operations {
            let Kind::Append(draft) = &operation.kind else { return Ok(None) };
            let by = operation.context(self)?;
            let Ok(body) = self.new_body(&by, draft) else { return Ok(None) };
            items.push((Append { id: &operation.id, author: &operation.member, at }, body));
            contexts.push(by);
        }
        let Some(entries) = self.log.append_all(&items)? else { return Ok(None) };
        let mut appended = Vec::with_capacity(entries.len());
        for ((operation, by), entry) in operations.iter().zip(contexts).zip(entries) {
            self.attach_files(&by, entry.seq)?;
            self.derive(&by, &entry)?;
            appended.push(Attempted { operation, by, done: Ok(Done::New(entry)) });
        }
        Ok(Some(appended))
    }

    fn attempt<'a>(&'a self, operation: &'a Operation<R>) -> Result<Attempted<'a, R>> {
        let by = operation.context(self)?;
        // A statement alone needs no transaction.
        let alone = match operation.kind {
            Kind::Append(_) => self.rules.derives()? < Derives::Entries,
            Kind::Edit(..) | Kind::Delete(_) => self.rules.derives()? < Derives::Changes,
            Kind::Command(_) => false,
        };
        let done = match alone {
            true => self.perform(&by, operation),
            false => self.sql.transaction(|| self.perform(&by, operation)),
        };
        Ok(Attempted { operation, by, done })
    }

    fn perform(&self, by: &Context<'_, R>, operation: &Operation<R>) -> Result<Done> {
        let id = operation.id.as_str();
        match &operation.kind {
            Kind::Append(draft) => self.append_draft(by, id, draft),
            Kind::Edit(target, draft) => self.change_item(by, id, *target, None, |item| {
                self.authorize(by, Attempt::Edit(item))?;
                Revision::body(&self.rules.body(by, draft.clone(), Some(item.read_body()?))?)
            }),
            Kind::Delete(target) => self.change_item(by, id, *target, None, |item| {
                self.authorize(by, Attempt::Delete(item)).map(|()| Revision::Delete)
            }),
            Kind::Command(command) => self.carry_out(by, id, command),
        }
    }

    /// Appends a draft, if the rules allow it.
    pub(super) fn append_draft(&self, by: &Context<'_, R>, id: &str, draft: &R::Draft) -> Result<Done> {
        match self.new_body(by, draft) {
            Ok(body) => self.append_item(by, id, &body),
            // A stored entry is recognised, also if its member may no longer write it.
            Err(refused) => match self.log.find(id, by.member()) {
                Ok(Some(seq)) => Ok(Done::Known(Some(seq))),
                _ => Err(refused),
            },
        }
    }

    /// Carries out a command, unless it was carried out before.
    fn carry_out(&self, by: &Context<'_, R>, id: &str, command: &R::Command) -> Result<Done> {
        if let Some(seq) = self.log.find(id, by.member())? {
            return Ok(Done::Known(Some(seq)));
        }
        if self.commands.has(id, by.member())? {
            return Ok(Done::Known(None));
        }
        self.authorize(by, Attempt::Command)?;
        match self.rules.command(by, command.clone())? {
            Effect::None => self.commands.remember(id, by.member()).map(|()| Done::Nothing),
            Effect::Append(body) => self.append_item(by, id, &body),
            Effect::Amend { target, body, shown } => {
                self.change_item(by, id, target, shown.as_deref(), |_| Revision::body(&body))
            }
            Effect::Summarize { target } => self.summarize(by, id, target),
            Effect::Delete { target } => self.change_item(by, id, target, None, |_| Ok(Revision::Delete)),
        }
    }

    /// Returns the body of a new item.
    fn new_body(&self, by: &Context<'_, R>, draft: &R::Draft) -> Result<R::Body> {
        self.authorize(by, Attempt::Append)?;
        self.rules.body(by, draft.clone(), None)
    }

    /// Asks the rules, unless the member was banned since it has sent the frame.
    pub(super) fn authorize(&self, by: &Context<'_, R>, attempt: Attempt<'_>) -> Result<()> {
        match by.is_banned() {
            true => Err(Error::client(ErrorCode::FORBIDDEN, "a moderator banned you")),
            false => self.rules.authorize(by, attempt),
        }
    }

    fn append_item(&self, by: &Context<'_, R>, id: &str, body: &R::Body) -> Result<Done> {
        let append = || {
            let outcome = self.log.append(Append { id, author: by.member(), at: self.room.now() }, body)?;
            if let Outcome::New(entry) = &outcome {
                self.attach_files(by, entry.seq)?;
            }
            self.done(by, outcome)
        };
        if by.has_files() { self.sql.transaction(append) } else { append() }
    }

    pub(super) fn change_item(
        &self,
        by: &Context<'_, R>,
        id: &str,
        target: u64,
        shown: Option<&str>,
        revise: impl FnOnce(&Entry) -> Result<Revision>,
    ) -> Result<Done> {
        let change = Change { id, author: by.member(), at: self.room.now(), target, shown };
        let update = || {
            let outcome = self.log.update(change, revise)?;
            if let Outcome::New(Entry { body, .. }) = &outcome {
                match body {
                    Some(_) => self.attach_files(by, target)?,
                    None => self.release_files(target)?,
                }
            }
            self.done(by, outcome)
        };
        if self.rules.files().is_some() { self.sql.transaction(update) } else { update() }
    }

    fn done(&self, by: &Context<'_, R>, outcome: Outcome) -> Result<Done> {
        match outcome {
            Outcome::New(entry) => self.derive(by, &entry).map(|()| Done::New(entry)),
            Outcome::Known(seq) => Ok(Done::Known(Some(seq))),
        }
    }

    fn derive(&self, by: &Context<'_, R>, entry: &Entry) -> Result<()> {
        let least = if entry.target.is_some() { Derives::Changes } else { Derives::Entries };
        if self.rules.derives()? < least { Ok(()) } else { self.rules.committed(by, entry) }
    }

    /// Answers an operation that made no new entry.
    fn answer(&self, operation: &Operation<R>, done: Result<Done>) -> Result<()> {
        let Operation { from, session, id, .. } = operation;
        let seq = match done {
            Err(error) => {
                self.refuse_operation(operation, error);
                return Ok(());
            }
            Ok(Done::Known(seq)) => seq,
            Ok(_) => None,
        };
        match (self.other_protocol(*session), seq) {
            (None, seq) => from.send(Frame::from(&ServerFrame::Ack(Ack { id: id.clone(), seq }))),
            (Some(protocol), Some(seq)) => {
                if let Some(frame) = protocol.known(self, id, seq)? {
                    from.send(frame);
                }
            }
            (Some(_), None) => {}
        }
        Ok(())
    }

    /// Sends new entries to everyone, to each client in its own protocol.
    fn publish(&self, entries: Vec<Entry>) -> Result<()> {
        if entries.is_empty() {
            return Ok(());
        }
        let frames = send_entries(&self.room, entries)?;
        if let Some(hub) = self.place.hub() {
            hub.entries()?;
        }
        for (tag, protocol) in self.others.iter().filter(|(tag, _)| self.room.has_tagged(tag)) {
            for frame in &frames {
                if let ServerFrame::Entry(entry) = frame
                    && let Some(frame) = protocol.entry(self, entry)?
                {
                    self.room.broadcast(frame).to_tag(tag).send();
                }
            }
        }
        Ok(())
    }

    /// Appends an item on behalf of the room itself, or of a member that is not connected, and sends it to everyone.
    /// Returns its `seq`. An id that is in the log already is not appended again.
    ///
    /// The body is not checked by the [rules](Rules).
    ///
    /// # Errors
    ///
    /// As [`Log::append`](crate::parts::log::Log::append).
    ///
    /// # Example
    ///
    /// ```
    /// # let (room, mut ada) = party::testing::example::channel(|channel, _ada| {
    /// let room = party::MemberId::new("room")?;
    /// let seq = channel.append("day-1", &room, &"a new day".to_owned())?;
    /// assert_eq!(seq, 1);
    /// assert_eq!(channel.append("day-1", &room, &"a new day".to_owned())?, 1, "it is known");
    /// # Ok(()) });
    /// assert_eq!(ada.bodies(), ["a new day"]);
    /// ```
    pub fn append(&self, id: &str, author: &MemberId, body: &R::Body) -> Result<u64> {
        self.write(author, |by| self.append_item(by, id, body))
    }

    /// Gives an item another body on behalf of the room itself: `revise` gets the one that it has. Sends it to
    /// everyone.
    ///
    /// # Errors
    ///
    /// As [`Log::update`](crate::parts::log::Log::update).
    ///
    /// # Example
    ///
    /// ```
    /// # let (room, mut ada) = party::testing::example::channel(|channel, ada| {
    /// channel.append("a1", ada, &"milk".to_owned())?;
    /// channel.amend("a2", ada, 1, |old| Ok(format!("{old}, done")))?;
    /// # Ok(()) });
    /// assert_eq!(ada.bodies(), ["milk, done"]);
    /// ```
    pub fn amend(
        &self,
        id: &str,
        author: &MemberId,
        target: u64,
        revise: impl FnOnce(R::Body) -> Result<R::Body>,
    ) -> Result<u64> {
        self.write(author, |by| {
            self.change_item(by, id, target, None, |item| Revision::body(&revise(item.read_body()?)?))
        })
    }

    pub(super) fn write(
        &self,
        author: &MemberId,
        change: impl FnOnce(&Context<'_, R>) -> Result<Done>,
    ) -> Result<u64> {
        self.place.check_is_own()?;
        let by = Context::new(self, author, None, false)?;
        Ok(match self.write_as(&by, change)? {
            Done::New(entry) => entry.seq,
            Done::Known(seq) => seq.unwrap_or_default(),
            Done::Nothing => 0,
        })
    }

    /// Commits a change of a member that is not connected, and sends it to everyone.
    pub(super) fn write_as<'a>(
        &self,
        by: &Context<'a, R>,
        change: impl FnOnce(&Context<'a, R>) -> Result<Done>,
    ) -> Result<Done> {
        let done = self.sql.transaction(|| change(by))?;
        if let Done::New(entry) = &done {
            self.publish(vec![entry.clone()])?;
            // Old entries are looked for, also while nobody is connected.
            self.keep_sweeping()?;
        }
        by.release().map(|()| done)
    }
}

/// Sends new entries to the members that are connected to this object. Returns their frames.
pub(super) fn send_entries(room: &Room, entries: Vec<Entry>) -> Result<Vec<ServerFrame>> {
    let frames: Vec<ServerFrame> = entries.into_iter().map(ServerFrame::Entry).collect();
    match frames.as_slice() {
        [] => {}
        [frame] => room.broadcast(Frame::from(frame)).to_tag(MEMBER).send(),
        several => {
            room.broadcast_json(several)?.to_tag(BATCHED).send();
            if room.has_tagged(SINGLE) {
                for frame in several {
                    room.broadcast(Frame::from(frame)).to_tag(SINGLE).send();
                }
            }
        }
    }
    Ok(frames)
}

/// Waits for all of several futures.
async fn all<T>(futures: impl Iterator<Item = impl Future<Output = T>>) -> Vec<T> {
    let mut waiting: Vec<_> = futures.map(|future| (Box::pin(future), None)).collect();
    poll_fn(|context| {
        for (future, done) in waiting.iter_mut().filter(|(_, done)| done.is_none()) {
            if let Poll::Ready(value) = future.as_mut().poll(context) {
                *done = Some(value);
            }
        }
        if waiting.iter().all(|(_, done)| done.is_some()) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    waiting.into_iter().filter_map(|(_, done)| done).collect()
}
