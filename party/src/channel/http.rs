//! HTTP requests to a channel: servers read and append, by the same rules as members.

use std::rc::Rc;

use http::header::{ALLOW, AUTHORIZATION, RETRY_AFTER, WWW_AUTHENTICATE};
use http::request::Parts;
use http::{HeaderValue, Method, StatusCode};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::commit::Done;
use super::context::Context;
use super::rules::Rules;
use super::{Channel, review};
use crate::body::Body;
use crate::connection::find_value;
use crate::error::{Error, ErrorCode, ErrorKind, Result};
use crate::message::{Frame, frame};
use crate::parts::log::{Direction, PageSize};
use crate::parts::wire::{Entries, check_id};
use crate::{ConnectionContext, MemberId, Request, Response, response};

/// The most items that a request can ask for.
const MOST_ITEMS: u32 = 1_000;

/// The shortest operator key, in bytes.
const SHORTEST_KEY: usize = 16;

/// The caller of a request.
#[derive(Debug)]
pub(super) enum Caller {
    /// An operator of the app, with all permissions.
    Operator,
    /// A member, that a token has proved.
    Member(MemberId),
}

impl Caller {
    /// Refuses callers that are not operators.
    pub(super) fn require_operator(&self) -> Result<()> {
        match self {
            Self::Operator => Ok(()),
            Self::Member(_) => Err(Error::client(ErrorCode::FORBIDDEN, "only operators can do that")),
        }
    }
}

/// Items of the log, as a server reads them.
#[derive(Serialize)]
struct Read {
    epoch: Option<String>,
    head: u64,
    entries: Entries,
    more: bool,
}

/// How many items there are.
#[derive(Serialize)]
struct Count {
    count: u32,
    more: bool,
}

/// An item that a server appends. `B` is a draft, `D` an introduction.
#[derive(Deserialize)]
struct Posted<B, D> {
    id: Option<String>,
    member: Option<MemberId>,
    profile: Option<D>,
    body: B,
}

/// The outcome.
#[derive(Serialize)]
struct Appended {
    id: String,
    seq: u64,
}

impl<R: Rules> Channel<R> {
    /// Answers an HTTP request of a server or an operator. Call it in [`on_request`](crate::Server::on_request).
    ///
    /// The caller proves its identity with `Authorization: Bearer {token}`. The token is the [operator
    /// key](super::Settings::operator_key), one with which [`Rules::authenticate`] knows a member, or the secret that
    /// the room has made for a member. Addresses are relative to the room's, such as `/parties/chat/lobby/entries`:
    ///
    /// | request | who | answer |
    /// | --- | --- | --- |
    /// | `GET entries?after=7&limit=100` (or `before=`, or neither: the newest) | members, operators | `{"epoch","head","entries","more"}`, items as they are now |
    /// | `GET count?after=7` | members, operators | `{"count","more"}`: the items after that one that are not deleted, up to 1,000 |
    /// | `POST entries` with `{"body":..,"id":..}` | members, operators | 201 and `{"id","seq"}`; 200 if the id is in the log already |
    /// | `PUT files/{id}?name=sea.png` with the file | members | 201 and the [file](crate::parts::files::File) |
    /// | `DELETE entries/7` | operators | 204, the item is deleted |
    /// | `POST moderation` with `{"action":"ban","member":..,"seconds":..}` | operators | 204 |
    /// | `GET inspection` | operators | the state of room and channel as JSON |
    /// | `GET export` | operators | all items, one JSON a line |
    /// | `DELETE` of the room's address | operators | 204, everything is deleted and all connections are closed |
    ///
    /// The rules apply to all that append: rates, bans, mutes, roles, [`Rules::authorize`], [`Rules::review`],
    /// [`Rules::body`]. An operator appends on behalf of a `member` that it names, and may show something of it:
    /// `{"member":"ci","profile":..,"body":..}` with what a client would introduce itself with. Without an `id` a
    /// request that is sent twice appends twice. `limit` is 100 unless it is given, and at most 1,000; an answer has
    /// about 64 KiB ([page size](super::Settings::page_size)), and at least one item.
    ///
    /// An error is answered with its status and an [error frame](crate::ErrorFrame): 401 without a valid token, 403,
    /// 404, 405, 413 over [the limit of a frame](crate::parts::limits::LimitsOptions::frame_bytes), 429 with
    /// `Retry-After`.
    ///
    /// # Errors
    ///
    /// Errors that are not the client's: the database refuses, or the operator key is too short.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::channel::Channel;
    /// # use party::*;
    /// # struct Lobby<R: party::channel::Rules> { channel: Channel<R> }
    /// # impl<R: party::channel::Rules + Default> Server for Lobby<R> {
    /// # async fn on_start(room: &Room, _: Props) -> Result<Self> { Ok(Self { channel: Channel::open(room, R::default())? }) }
    /// async fn on_request(&self, _room: &Room, request: Request) -> Result<Response> {
    ///     self.channel.request(request).await
    /// }
    /// # }
    /// ```
    ///
    /// ```sh
    /// curl -H "Authorization: Bearer $OPERATOR_KEY" \
    ///   -d '{"member":"ci","profile":{"name":"CI"},"body":{"content":"deployed"}}' \
    ///   https://chat.example.com/parties/chat/lobby/entries
    /// ```
    pub async fn request(&self, request: Request) -> Result<Response> {
        let (parts, body) = request.into_parts();
        match self.respond(&parts, body).await {
            Err(error) if error.is_public() => Ok(refusal(&error)),
            answer => answer,
        }
    }

    /// Refuses a request, unless an operator or a member of the room sends it, who proves that as for
    /// [`request`](Self::request). Call it for requests that the app answers itself, and that not everybody may send.
    ///
    /// The bans, rates and [admission](Rules::admit) of members apply.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::UNAUTHORIZED`], [`ErrorCode::FORBIDDEN`], [`ErrorCode::SLOW_DOWN`].
    ///
    /// # Example
    ///
    /// ```
    /// # use party::channel::{Channel, Rules};
    /// # use party::*;
    /// # struct Lobby<R: Rules> { channel: Channel<R> }
    /// # impl<R: Rules> Lobby<R> {
    /// async fn on_request(&self, _room: &Room, request: Request) -> Result<Response> {
    ///     let (parts, _body) = request.into_parts();
    ///     self.channel.admit_caller(&parts)?;
    ///     Ok(Response::new(Body::json(&self.channel.presence().count()?)?))
    /// }
    /// # }
    /// ```
    pub fn admit_caller(&self, parts: &Parts) -> Result<()> {
        match self.caller(parts)? {
            Caller::Operator => Ok(()),
            Caller::Member(member) => self.admit_request(&member, parts),
        }
    }

    async fn respond(&self, parts: &Parts, body: Body) -> Result<Response> {
        let path = self.path_in_room(parts.uri.path());
        let allowed = match path.as_slice() {
            ["entries"] => "GET, POST",
            ["count"] => "GET",
            ["entries", _] => "DELETE",
            [] if parts.method == Method::DELETE => "DELETE",
            ["files", _] => "PUT",
            ["moderation"] => "POST",
            ["inspection" | "export"] => "GET",
            _ => return Err(nothing_there()),
        };
        if !allowed.split(", ").any(|method| method == parts.method.as_str()) {
            let mut refused = response(StatusCode::METHOD_NOT_ALLOWED, format!("allowed here: {allowed}"));
            refused.headers_mut().insert(ALLOW, HeaderValue::from_static(allowed));
            return Ok(refused);
        }
        let caller = self.caller(parts)?;
        match (&parts.method, path.as_slice()) {
            (&Method::GET, ["entries"]) => self.read_entries(&caller, parts),
            (_, ["count"]) => self.count_entries(&caller, parts),
            (&Method::POST, ["entries"]) => self.append_posted(&caller, parts, body).await,
            (_, ["files", id]) => self.upload(&caller, id, parts, body).await,
            (_, what) => {
                caller.require_operator()?;
                self.operate(what, body).await
            }
        }
    }

    /// Returns the segments of a path behind the room's name.
    fn path_in_room<'a>(&self, path: &'a str) -> Vec<&'a str> {
        let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
        let (room, party) = (self.room.name().as_str(), self.room.party());
        let is_room = |pair: &[&str]| match pair {
            [before, name] => *name == room && party.as_ref().is_none_or(|party| party.as_str() == *before),
            _ => false,
        };
        let behind = segments.windows(2).position(is_room).map_or(0, |at| at.saturating_add(2));
        segments.get(behind..).unwrap_or_default().to_vec()
    }

    /// Returns the caller of a request. An address that fails too often has to wait.
    fn caller(&self, parts: &Parts) -> Result<Caller> {
        let token = header(parts, AUTHORIZATION.as_str()).and_then(|value| value.split_once(' '));
        let token =
            token.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).map(|(_, token)| token.trim());
        let Some(token) = token.filter(|token| !token.is_empty()) else {
            return Err(unauthorized("the header `Authorization: Bearer ..` is missing"));
        };
        let network = header(parts, "cf-connecting-ip").map(crate::parts::identity::network);
        self.limits.take_proof(network.as_deref(), || {
            if self.is_operator(token)? {
                return Ok(Caller::Operator);
            }
            let known = self.rules.authenticate(&self.room, Some(token))?;
            let member = match known.member {
                Some(member) => Some(member),
                None => self.identity.proved(token)?,
            };
            member.map(Caller::Member).ok_or_else(|| unauthorized("the token is not valid here"))
        })
    }

    fn is_operator(&self, token: &str) -> Result<bool> {
        let Some(name) = &self.options.operator_key else { return Ok(false) };
        let Ok(key) = self.room.secret(name) else { return Ok(false) };
        if key.len() < SHORTEST_KEY {
            let text = format!("the secret `{name}` has fewer than {SHORTEST_KEY} bytes");
            return Err(Error::new(ErrorKind::Invalid, text));
        }
        // Of their hashes, so that the time that it takes says nothing of the key.
        Ok(Sha256::digest(&key) == Sha256::digest(token))
    }

    /// Counts a request of a member, unless it is banned, and asks whether it may join.
    pub(super) fn admit_request(&self, member: &MemberId, parts: &Parts) -> Result<()> {
        let address = match header(parts, "cf-connecting-ip") {
            Some(address) => self.identity.known_address(address)?,
            None => None,
        };
        self.moderation.check_ban(member, address.as_deref())?;
        self.limits.take(member, address.as_deref(), 1)?;
        let context = ConnectionContext::new(http::Request::from_parts(parts.clone(), ()), None);
        self.rules.admit(&self.context_of(member, false)?, &context)
    }

    fn count_entries(&self, caller: &Caller, parts: &Parts) -> Result<Response> {
        if let Caller::Member(member) = caller {
            self.admit_request(member, parts)?;
        }
        let after = number(parts.uri.query().unwrap_or_default(), "after")?.unwrap_or_default();
        let count = match self.log.extent()? {
            Some(_) => self.log.count_after(after, MOST_ITEMS.saturating_add(1))?,
            None => 0,
        };
        json(StatusCode::OK, &Count { count: count.min(MOST_ITEMS), more: count > MOST_ITEMS })
    }

    fn read_entries(&self, caller: &Caller, parts: &Parts) -> Result<Response> {
        if let Caller::Member(member) = caller {
            self.admit_request(member, parts)?;
        }
        let query = parts.uri.query().unwrap_or_default();
        let direction = match (number(query, "after")?, number(query, "before")?) {
            (Some(after), None) => Direction::After(after),
            (None, Some(before)) => Direction::Before(before),
            (None, None) => Direction::Newest,
            (Some(_), Some(_)) => return Err(invalid("either `after` or `before`")),
        };
        let limit = match number(query, "limit")? {
            None => self.options.page.items,
            Some(limit) => u32::try_from(limit).unwrap_or(u32::MAX).clamp(1, MOST_ITEMS),
        };
        // Reading makes no tables.
        let Some((epoch, head)) = self.log.extent()? else {
            let none = Read { epoch: None, head: 0, entries: Entries::of_texts(&[])?, more: false };
            return json(StatusCode::OK, &none);
        };
        let page = self.log.page(direction, PageSize { items: limit, ..self.options.page })?;
        json(StatusCode::OK, &Read { epoch: Some(epoch), head, entries: page.entries, more: page.more })
    }

    async fn append_posted(&self, caller: &Caller, parts: &Parts, body: Body) -> Result<Response> {
        let posted: Posted<R::Draft, R::Introduction> = self.read_body(body).await?;
        let member = match (caller, posted.member) {
            (Caller::Member(member), None) => member.clone(),
            (Caller::Member(member), Some(named)) if *member == named => named,
            (Caller::Member(_), Some(_)) => {
                return Err(Error::client(ErrorCode::FORBIDDEN, "only operators name another member"));
            }
            (Caller::Operator, Some(named)) => named,
            (Caller::Operator, None) => return Err(invalid("`member` says on whose behalf")),
        };
        match caller {
            Caller::Member(_) => {
                self.admit_request(&member, parts)?;
                self.take_room_rate(&member)?;
            }
            Caller::Operator => self.limits.take(&member, None, 1)?,
        }
        let id = match posted.id {
            Some(id) => check_id(&id).map(|()| id)?,
            None => self.room.random_id(),
        };
        let by = self.appearing(&member, posted.profile)?;
        if let Some(review) = self.options.review
            && self.log.find(&id, &member)?.is_none()
        {
            review::within(&self.room, review, self.rules.review(&by, &posted.body)).await?;
        }
        match self.write_as(&by, |by| self.append_draft(by, &id, &posted.body))? {
            Done::New(entry) => json(StatusCode::CREATED, &Appended { id, seq: entry.seq }),
            Done::Known(seq) => json(StatusCode::OK, &Appended { id, seq: seq.unwrap_or_default() }),
            Done::Nothing => Err(Error::other("an append has left no entry")),
        }
    }

    /// Returns the context of a member that is not connected, as far as this request goes.
    pub(super) fn appearing<'a>(
        &'a self,
        member: &'a MemberId,
        said: Option<R::Introduction>,
    ) -> Result<Context<'a, R>> {
        let by = self.context_of(member, false)?;
        if by.profile().is_some() && said.is_none() {
            return Ok(by);
        }
        let profile = self.rules.profile(&by, said)?;
        Context::new(self, member, Some(Rc::new(profile)), false)
    }

    /// Reads a body that is JSON, and no longer than a frame.
    pub(super) async fn read_body<T: for<'de> Deserialize<'de>>(&self, body: Body) -> Result<T> {
        let body = body.bytes_up_to(self.limits.frame_bytes()).await?;
        frame::of_bytes(&body).map_err(|error| match str::from_utf8(&body).is_ok_and(frame::is_json) {
            true => invalid(error.to_string()),
            false => Error::client(ErrorCode::NOT_JSON, "the body is not JSON"),
        })
    }
}

/// Returns the response to a request that is refused: an error frame.
fn refusal(error: &Error) -> Response {
    let frame = match Frame::from(error) {
        Frame::Text(text) => Body::of_json(text.into_owned()),
        Frame::Binary(bytes) => Body::from(bytes.into_owned()),
    };
    let mut refused = response(error.status(), frame);
    if error.status() == StatusCode::UNAUTHORIZED {
        refused.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    if let Some(time) = error.retry_time() {
        let seconds = time.as_millis().div_ceil(1_000);
        refused
            .headers_mut()
            .insert(RETRY_AFTER, HeaderValue::from(u64::try_from(seconds).unwrap_or(u64::MAX)));
    }
    refused
}

pub(super) fn json<T: Serialize + ?Sized>(status: StatusCode, value: &T) -> Result<Response> {
    Ok(response(status, Body::json(value)?))
}

pub(super) fn invalid(text: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::client(ErrorCode::INVALID, text)
}

pub(super) fn nothing_there() -> Error {
    Error::client(ErrorCode::NOT_FOUND, "there is nothing at this address")
}

fn unauthorized(text: &'static str) -> Error {
    Error::client(ErrorCode::UNAUTHORIZED, text)
}

pub(super) fn header<'a>(parts: &'a Parts, name: &str) -> Option<&'a str> {
    parts.headers.get(name)?.to_str().ok()
}

/// Returns a parameter of the address that is a number.
fn number(query: &str, name: &str) -> Result<Option<u64>> {
    find_value(query, name)
        .map(|value| value.parse().map_err(|_| invalid(format!("`{name}` is not a number"))))
        .transpose()
}
