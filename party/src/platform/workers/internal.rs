//! Requests of the framework to the worker's objects. No client can send them: the router removes their headers.

use worker::wasm_bindgen::{JsCast, JsValue};
use worker::wasm_bindgen_futures::JsFuture;
use worker::{Env, Response, web_sys};

use super::namespace::{Namespace, StubOptions};
use crate::error::{Error, ErrorKind, Result};
use crate::host::errand::Kind;
use crate::platform::{Address, no_party, unreachable};

/// The address of these requests. Objects do not look at it.
const INTERNAL: &str = "https://party.internal/";

/// Returns a request of this kind.
pub(crate) fn request(kind: Kind, body: &str) -> Result<web_sys::Request, JsValue> {
    let init = web_sys::RequestInit::new();
    init.set_method("POST");
    init.set_body(&JsValue::from_str(body));
    let request = web_sys::Request::new_with_str_and_init(INTERNAL, &init)?;
    if let Some(header) = kind.header() {
        request.headers().set(header, "1")?;
    }
    Ok(request)
}

/// Returns the status and the text of a response.
pub(crate) async fn read(response: JsValue) -> Result<(u16, String)> {
    let mut response = Response::from(response.unchecked_into::<web_sys::Response>());
    let text = response.text().await.map_err(|error| Error::new(ErrorKind::Platform, error.to_string()))?;
    Ok((response.status_code(), text))
}

/// Sends an object of the same jurisdiction a request, and reads the response.
pub(super) async fn call(
    env: &Env,
    to: &Address,
    jurisdiction: Option<&str>,
    kind: Kind,
    body: &str,
) -> Result<(u16, String)> {
    let (_, namespace) = Namespace::of_party(env, &to.party).ok_or_else(|| no_party(&to.party))?;
    let sent = async {
        // A stub that has thrown is broken: each request has its own.
        let options = StubOptions { location_hint: None, jurisdiction, once: false };
        let stub = namespace.stub(&to.object, &options)?;
        JsFuture::from(stub.fetch(&request(kind, body)?)?).await
    };
    let response = sent.await.map_err(|thrown| unreachable(&to.object, &super::text_of(&thrown)))?;
    read(response).await
}
