//! Buckets of R2.

use wasm_streams::ReadableStream as Streams;
use worker::js_sys::{Array, Promise};
use worker::wasm_bindgen::prelude::wasm_bindgen;
use worker::wasm_bindgen::{JsCast, JsValue};
use worker::wasm_bindgen_futures::JsFuture;
use worker::web_sys::ReadableStream;

use super::http::{body_from_js, stream_to_js};
use super::{error_of, platform};
use crate::body::Body;
use crate::error::{ErrorKind, Result};
use crate::platform::{Bucket, Labels, LocalFuture};

#[wasm_bindgen(
    wasm_bindgen = ::worker::wasm_bindgen,
    js_sys = ::worker::js_sys,
    inline_js = r#"
export function bucketOf(env, name) {
  const bucket = env[name];
  return typeof bucket?.createMultipartUpload === "function" ? bucket : undefined;
}

export async function putObject(bucket, key, body, size, contentType, contentDisposition) {
  // It fails if the body has another size: nothing is stored then.
  const { readable, writable } = new FixedLengthStream(size);
  const stored = bucket.put(key, readable, { httpMetadata: { contentType, contentDisposition } });
  const failed = (await Promise.allSettled([body.pipeTo(writable), stored])).find(({ reason }) => reason !== undefined);
  if (failed) throw failed.reason;
}

/** The object as `[body, size, type, disposition, etag]`; without a body if the reader has it already. */
export async function getObject(bucket, key, headers) {
  const object = await bucket.get(key, headers ? { onlyIf: headers } : {});
  if (!object) return undefined;
  const { contentType = "", contentDisposition = "" } = object.httpMetadata ?? {};
  return [object.body, object.size, contentType, contentDisposition, object.httpEtag];
}

export async function deleteObjects(bucket, keys) {
  await bucket.delete(keys);
}

export async function listObjects(bucket, prefix) {
  return (await bucket.list({ prefix })).objects.map(({ key }) => key);
}
"#
)]
extern "C" {
    /// `R2Bucket`.
    #[derive(Clone)]
    pub(crate) type R2Bucket;

    #[wasm_bindgen(catch, js_name = bucketOf)]
    fn bucket_of(env: &JsValue, name: &str) -> Result<Option<R2Bucket>, JsValue>;

    #[wasm_bindgen(catch, js_name = putObject)]
    fn put_object(
        bucket: &R2Bucket,
        key: &str,
        body: ReadableStream,
        size: f64,
        media_type: &str,
        disposition: &str,
    ) -> Result<Promise, JsValue>;

    #[wasm_bindgen(catch, js_name = getObject)]
    fn get_object(bucket: &R2Bucket, key: &str, headers: &JsValue) -> Result<Promise, JsValue>;

    #[wasm_bindgen(catch, js_name = deleteObjects)]
    fn delete_objects(bucket: &R2Bucket, keys: Array) -> Result<Promise, JsValue>;

    #[wasm_bindgen(catch, js_name = listObjects)]
    fn list_objects(bucket: &R2Bucket, prefix: &str) -> Result<Promise, JsValue>;
}

/// A bucket of R2.
#[derive(Clone)]
pub(crate) struct R2(R2Bucket);

/// An object, as it is served: its body goes from the bucket to the reader without passing through the worker's memory.
pub(crate) struct Served {
    /// `None` if the reader has the object already.
    pub(crate) body: Option<ReadableStream>,
    pub(crate) labels: Labels,
    pub(crate) etag: String,
    size: u64,
}

impl R2 {
    /// Returns the bucket that is bound under this name.
    pub(crate) fn bound(env: &JsValue, name: &str) -> Option<Self> {
        bucket_of(env, name).ok().flatten().map(Self)
    }

    /// Returns an object. `headers` are those of the request, whose conditions are regarded.
    pub(crate) async fn serve(&self, key: &str, headers: &JsValue) -> Result<Option<Served>> {
        let object =
            settled(get_object(&self.0, key, headers), "the bucket did not return the object").await?;
        if object.is_undefined() {
            return Ok(None);
        }
        let fields: Array = object.unchecked_into();
        let text = |index| fields.get(index).as_string().unwrap_or_default();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a size is a whole number from 0"
        )]
        let size = fields.get(1).as_f64().unwrap_or_default() as u64;
        Ok(Some(Served {
            body: fields.get(0).dyn_into().ok(),
            labels: Labels { media_type: text(2), disposition: text(3) },
            etag: text(4),
            size,
        }))
    }
}

impl Bucket for R2 {
    fn put(&self, key: &str, body: Body, size: u64, labels: &Labels) -> LocalFuture<'static, Result<()>> {
        let body = Streams::from_stream(stream_to_js(body)).into_raw();
        #[expect(clippy::cast_precision_loss, reason = "a size is below 2^53")]
        let size = size as f64;
        let put = put_object(&self.0, key, body, size, &labels.media_type, &labels.disposition);
        Box::pin(async { settled(put, "the bucket did not store the object").await.map(drop) })
    }

    fn get(&self, key: &str) -> LocalFuture<'static, Result<Option<(Body, u64, Labels)>>> {
        let (bucket, key) = (self.clone(), key.to_owned());
        Box::pin(async move {
            let Some(served) = bucket.serve(&key, &JsValue::UNDEFINED).await? else { return Ok(None) };
            let body = served.body.map_or_else(|| Ok(Body::empty()), body_from_js)?;
            Ok(Some((body, served.size, served.labels)))
        })
    }

    fn delete(&self, keys: &[String]) -> LocalFuture<'static, Result<()>> {
        let deleted = delete_objects(&self.0, keys.iter().map(JsValue::from).collect());
        Box::pin(async { settled(deleted, "the bucket did not delete the objects").await.map(drop) })
    }

    fn list(&self, prefix: &str) -> LocalFuture<'static, Result<Vec<String>>> {
        let listed = list_objects(&self.0, prefix);
        Box::pin(async {
            let keys: Array = settled(listed, "the bucket did not list its objects").await?.unchecked_into();
            Ok(keys.iter().filter_map(|key| key.as_string()).collect())
        })
    }
}

/// Waits for what JavaScript promises.
async fn settled(promised: Result<Promise, JsValue>, text: &'static str) -> Result<JsValue> {
    let promise = promised.map_err(platform(text))?;
    JsFuture::from(promise).await.map_err(|thrown| error_of(ErrorKind::Platform, text, &thrown))
}
