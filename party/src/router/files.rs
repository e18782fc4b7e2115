//! Files of rooms, read from their bucket: no room wakes for it.

use std::pin::Pin;

use worker::wasm_bindgen::JsCast;
use worker::{Env, Headers, Method, Request, Response, ResponseBody};

use super::answer::refusal;
use super::{Lobby, header};
use crate::parts::files::folder;
use crate::platform::workers::bucket::R2;

/// A file never changes. For a week a browser need not ask again.
const CACHED: &str = "private, max-age=604800, immutable";

/// A browser that opens the file as a page runs and loads nothing.
const POLICY: &str = "default-src 'none'; sandbox";

/// Serves files. In a box, so that a router without them has no code for it.
pub(super) type Server =
    dyn for<'r> Fn(&'r Request, &'r Env, &'r Lobby, &'r str) -> Pin<Box<dyn Future<Output = Served> + 'r>>;

type Served = worker::Result<Response>;

/// Returns what serves the files of a bucket.
pub(super) fn server(bucket: &str) -> Box<Server> {
    let bucket = bucket.to_owned();
    Box::new(move |request, env, lobby, id| {
        let bucket = R2::bound(env.unchecked_ref(), &bucket);
        Box::pin(async move {
            match bucket {
                Some(bucket) => serve(&bucket, request, lobby, id).await,
                None => missing(),
            }
        })
    })
}

/// Returns the id of the file that a request reads.
pub(super) fn asked<'a>(method: &Method, mut rest: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    match (method, rest.next(), rest.next(), rest.next()) {
        (Method::Get | Method::Head, Some("files"), Some(id), None) => Some(id),
        _ => None,
    }
}

async fn serve(bucket: &R2, request: &Request, lobby: &Lobby, id: &str) -> Served {
    let conditions = Headers::new();
    if let Some(known) = header(request, "If-None-Match")? {
        conditions.set("If-None-Match", &known)?;
    }
    let key = format!("{}{id}", folder(&lobby.party, lobby.room.as_str()));
    let Some(file) = bucket.serve(&key, conditions.0.as_ref()).await? else { return missing() };
    let headers = Headers::new();
    headers.set("Content-Type", &file.labels.media_type)?;
    headers.set("Content-Disposition", &file.labels.disposition)?;
    headers.set("ETag", &file.etag)?;
    headers.set("Cache-Control", CACHED)?;
    headers.set("Content-Security-Policy", POLICY)?;
    headers.set("Cross-Origin-Resource-Policy", "same-origin")?;
    let response = match file.body {
        Some(body) => Response::from_body(ResponseBody::Stream(body))?,
        None => Response::empty()?.with_status(304),
    };
    Ok(response.with_headers(headers))
}

fn missing() -> Served {
    refusal(404, "There is no such file")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_request_that_reads_one_file_is_for_the_bucket() {
        let asked = |method: Method, path: &'static str| asked(&method, path.split('/'));
        assert_eq!(asked(Method::Get, "files/a"), Some("a"));
        assert_eq!(asked(Method::Head, "files/a"), Some("a"));
        assert_eq!(asked(Method::Put, "files/a"), None);
        assert_eq!(asked(Method::Get, "files"), None);
        assert_eq!(asked(Method::Get, "files/a/b"), None);
        assert_eq!(asked(Method::Get, "entries/a"), None);
    }
}
