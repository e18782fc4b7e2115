//! From the worker to a room: the request as the object gets it, and the attempts to hand it over.

use base64ct::{Base64, Encoding};
use serde::Serialize;
use worker::wasm_bindgen::{JsCast, JsValue};
use worker::wasm_bindgen_futures::JsFuture;
use worker::web_sys::Headers;
use worker::{Request, Response, web_sys};

use super::{Lobby, Retry, relays};
use crate::error::{Error, ErrorKind, Result};
use crate::host::errand::{
    CALL_HEADER, PROPS_HEADER, RELAY_HEADER, ROOM_HEADER, START_HEADER, SUBPROTOCOL_HEADER,
};
use crate::platform::workers::namespace::{Namespace, RawStub, StubOptions};
use crate::router::subprotocol::Subprotocols;

const PARTY_HEADER: &str = "x-partykit-namespace";
const JURISDICTION_HEADER: &str = "x-partykit-jurisdiction";

/// The headers by which the worker speaks to its objects. Headers of a client with these names are removed.
const OWN_HEADERS: [&str; 8] = [
    PROPS_HEADER,
    ROOM_HEADER,
    START_HEADER,
    CALL_HEADER,
    RELAY_HEADER,
    SUBPROTOCOL_HEADER,
    PARTY_HEADER,
    JURISDICTION_HEADER,
];

/// The options by which requests are forwarded to rooms.
#[derive(Clone)]
pub(super) struct Forward<'a> {
    /// As the header has them.
    pub(super) props: Option<String>,
    pub(super) location_hint: Option<&'a str>,
    pub(super) jurisdiction: Option<&'a str>,
    /// The subprotocols of the app's own.
    pub(super) subprotocols: Option<Subprotocols<'a>>,
    pub(super) retry: Option<Retry<'a>>,
}

impl Default for Forward<'_> {
    fn default() -> Self {
        Self {
            props: None,
            location_hint: None,
            jurisdiction: None,
            subprotocols: None,
            retry: Some(Retry::new()),
        }
    }
}

impl Forward<'_> {
    /// Sends a client's request.
    pub(super) async fn send(
        &self,
        request: &Request,
        to: &Namespace,
        lobby: &Lobby,
    ) -> worker::Result<Response> {
        // A body can be sent once. To keep a copy of it would hold it in memory, and a copy that nobody reads never
        // ends.
        let retry = self.retry.as_ref().filter(|_| request.inner().body().is_none());
        let attempt = async |object: &str, number| {
            let request = self.marked(request, lobby)?;
            let stub = self.stub(to, object, number)?;
            JsFuture::from(stub.fetch(&request)?).await
        };
        let ask = async |object: &str| {
            let response = Retry::run(retry, lobby, async |number| attempt(object, number).await).await?;
            Ok(response.unchecked_into::<web_sys::Response>().into())
        };
        match relays::Visitor::of(request)? {
            Some(visitor) => visitor.find(lobby, ask).await,
            None => ask(lobby.room.as_str()).await,
        }
    }

    /// Returns the request as the object gets it.
    fn marked(&self, request: &Request, lobby: &Lobby) -> Result<web_sys::Request, JsValue> {
        let copy = web_sys::Request::new_with_request(request.inner())?;
        let headers = copy.headers();
        for name in OWN_HEADERS {
            headers.delete(name)?;
        }
        self.mark(&headers, lobby)?;
        self.select_subprotocol(&headers)?;
        Ok(copy)
    }

    /// Writes the subprotocol into the headers that the room is to select, if it is not ours.
    fn select_subprotocol(&self, headers: &Headers) -> Result<(), JsValue> {
        let Some(subprotocols) = &self.subprotocols else { return Ok(()) };
        let offered = headers.get("Sec-WebSocket-Protocol")?;
        match offered.as_deref().and_then(|offered| subprotocols.select(offered)) {
            Some(selected) => headers.set(SUBPROTOCOL_HEADER, selected),
            None => Ok(()),
        }
    }

    /// Returns the room's stub for the attempt of this number, from 1. Within the first the platform tries again by
    /// itself; what it does not try again is ours to repeat, once an attempt, or the two would multiply.
    pub(super) fn stub(&self, namespace: &Namespace, object: &str, attempt: u32) -> Result<RawStub, JsValue> {
        let options = StubOptions {
            location_hint: self.location_hint,
            jurisdiction: self.jurisdiction,
            once: attempt > 1 || self.retry.is_none(),
        };
        namespace.stub(object, &options)
    }

    /// Writes what the object is to know into the headers of a request.
    pub(super) fn mark(&self, headers: &Headers, lobby: &Lobby) -> Result<(), JsValue> {
        headers.set(PARTY_HEADER, &lobby.party)?;
        if let Some(jurisdiction) = self.jurisdiction {
            headers.set(JURISDICTION_HEADER, jurisdiction)?;
        }
        if let Some(props) = &self.props {
            headers.set(PROPS_HEADER, props)?;
        }
        Ok(())
    }
}

/// Props as their header has them.
pub(super) fn encode_props<T: Serialize + ?Sized>(props: &T) -> Result<String> {
    let json = serde_json::to_vec(props)
        .map_err(|error| Error::caused(ErrorKind::Json, "the props cannot be written as JSON", error))?;
    Ok(Base64::encode_string(&json))
}
