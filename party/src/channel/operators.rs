//! HTTP requests of operators: inspect, moderate, export, delete.

use std::pin::Pin;
use std::task::{Context as Task, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::Channel;
use super::http::{invalid, json, nothing_there};
use super::rules::Rules;
use crate::error::Result;
use crate::observe::Inspection;
use crate::parts::log::{Direction, Log, PageSize, Revision};
use crate::parts::wire::Action;
use crate::{Body, MemberId, Response, Timestamp};

/// The author of an operator's deletion or moderation, as everybody sees it.
const OPERATOR: &str = "operator";

/// The number of jobs that an inspection lists: those that are due next.
const LISTED_JOBS: u32 = 100;

/// The part of an export that is read at once.
const EXPORT_PAGE: PageSize = PageSize { items: 1_000, bytes: 256 * 1024 };

/// The state of a channel and of its room, for operators.
#[derive(Serialize)]
struct State {
    #[serde(flatten)]
    room: Inspection,
    channel: ChannelState,
}

#[derive(Serialize)]
struct ChannelState {
    /// Which log it is, if anything was ever written.
    epoch: Option<String>,
    /// The last `seq`.
    head: u64,
    /// The number of members present.
    members: usize,
    /// The number of client texts that wait for the end of a batch.
    waiting: usize,
    jobs: Vec<JobState>,
}

#[derive(Serialize)]
struct JobState {
    kind: String,
    key: String,
    due: Timestamp,
    attempt: u32,
}

/// An action on a member.
#[derive(Deserialize)]
struct Moderation {
    action: Action,
    member: MemberId,
    seconds: Option<u64>,
}

/// The first line of an export.
#[derive(Serialize)]
struct Exported {
    room: String,
    epoch: Option<String>,
    head: u64,
    at: Timestamp,
}

impl<R: Rules> Channel<R> {
    /// Does what an operator asks for.
    pub(super) async fn operate(&self, what: &[&str], body: Body) -> Result<Response> {
        match what {
            ["inspection"] => json(StatusCode::OK, &self.state().await?),
            ["export"] => self.export(),
            ["moderation"] => self.moderate_by_operator(self.read_body(body).await?),
            ["entries", seq] => self.delete_item(seq),
            [] => {
                self.room.destroy().await?;
                Ok(no_content())
            }
            _ => Err(nothing_there()),
        }
    }

    async fn state(&self) -> Result<State> {
        let (epoch, head) = self.log.extent()?.unzip();
        let jobs = self.jobs.next(LISTED_JOBS)?.into_iter().map(|job| JobState {
            kind: job.kind().to_owned(),
            key: job.key().to_owned(),
            due: job.due(),
            attempt: job.attempt(),
        });
        let channel = ChannelState {
            epoch,
            head: head.unwrap_or_default(),
            members: self.members()?,
            waiting: self.batch.len(),
            jobs: jobs.collect(),
        };
        Ok(State { room: self.room.inspect().await?, channel })
    }

    fn delete_item(&self, seq: &str) -> Result<Response> {
        let seq: u64 = seq.parse().map_err(|_| invalid("an item is named by its `seq`"))?;
        let operator = MemberId::new(OPERATOR)?;
        self.write(&operator, |by| {
            self.change_item(by, &self.room.random_id(), seq, None, |_| Ok(Revision::Delete))
        })?;
        Ok(no_content())
    }

    fn moderate_by_operator(&self, moderation: Moderation) -> Result<Response> {
        let Moderation { action, member, seconds } = moderation;
        self.moderate_as_app(action, &member, seconds.map(Duration::from_secs))?;
        Ok(no_content())
    }

    fn export(&self) -> Result<Response> {
        let (epoch, head) = self.log.extent()?.unzip();
        let log = head.map(|_| self.log.clone());
        let first = Exported {
            room: self.room.name().to_string(),
            epoch,
            head: head.unwrap_or_default(),
            at: self.room.now(),
        };
        let export = Export { log, last: 0, first: Some(line(&first)?) };
        let mut response = Response::new(Body::from_stream(export));
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/x-ndjson"));
        Ok(response)
    }
}

/// The lines of an export, read page by page as they are sent.
struct Export {
    /// The log, until its end is reached.
    log: Option<Log>,
    /// The last `seq` that was read.
    last: u64,
    first: Option<Bytes>,
}

/// The part of an entry that says where it is.
#[derive(Deserialize)]
struct Place {
    seq: u64,
}

impl Export {
    /// Returns the next page, as lines.
    fn page(&mut self) -> Result<Option<Bytes>> {
        let Some(log) = &self.log else { return Ok(None) };
        let page = log.page(Direction::After(self.last), EXPORT_PAGE)?;
        let entries: Vec<&RawValue> = serde_json::from_str(page.entries.as_str())?;
        let Some(last) = entries.last() else { return Ok(None) };
        self.last = serde_json::from_str::<Place>(last.get())?.seq;
        if !page.more {
            self.log = None;
        }
        let mut lines = String::new();
        for entry in entries {
            lines.push_str(entry.get());
            lines.push('\n');
        }
        Ok(Some(lines.into()))
    }
}

impl Stream for Export {
    type Item = Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, _task: &mut Task<'_>) -> Poll<Option<Self::Item>> {
        match self.first.take() {
            Some(first) => Poll::Ready(Some(Ok(first))),
            None => Poll::Ready(self.page().transpose()),
        }
    }
}

fn line<T: Serialize>(value: &T) -> Result<Bytes> {
    let mut line = serde_json::to_string(value)?;
    line.push('\n');
    Ok(line.into())
}

fn no_content() -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    response
}
