//! A bucket in memory, with R2's rules.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use bytes::Bytes;

use crate::body::Body;
use crate::error::{Error, ErrorKind, Result};
use crate::gate::Gate;
use crate::platform::{Bucket, Labels, LocalFuture};

/// The longest key, in bytes.
const MAX_KEY_BYTES: usize = 1_024;

/// The number of keys in one call.
const MAX_KEYS: usize = 1_000;

/// A bucket.
#[derive(Clone, Default)]
pub(crate) struct MemoryBucket(Rc<Contents>);

#[derive(Default)]
struct Contents {
    objects: RefCell<BTreeMap<String, (Bytes, Labels)>>,
    /// Whether calls fail.
    refuses: Cell<bool>,
    /// What calls wait for.
    held: RefCell<Option<Rc<Gate>>>,
}

impl MemoryBucket {
    /// Has all calls fail from now on, or succeed again.
    pub(crate) fn refuse(&self, refuses: bool) {
        self.0.refuses.set(refuses);
    }

    /// Has all calls wait, or go on.
    pub(crate) fn hold(&self, holds: bool) {
        let gate = if holds { Some(Rc::new(Gate::default())) } else { None };
        if let Some(before) = self.0.held.replace(gate) {
            before.open();
        }
    }

    /// Returns the keys of all objects.
    pub(crate) fn keys(&self) -> Vec<String> {
        self.0.objects.borrow().keys().cloned().collect()
    }

    /// Returns an object.
    pub(crate) fn object(&self, key: &str) -> Option<(Bytes, Labels)> {
        self.0.objects.borrow().get(key).cloned()
    }

    /// Runs a call when the bucket answers.
    fn call<T: 'static>(
        &self,
        work: impl AsyncFnOnce(&Contents) -> Result<T> + 'static,
    ) -> LocalFuture<'static, Result<T>> {
        let contents = Rc::clone(&self.0);
        Box::pin(async move {
            let held = contents.held.borrow().clone();
            if let Some(gate) = held {
                gate.passed().await;
            }
            match contents.refuses.get() {
                true => Err(failed("the bucket is not available")),
                false => work(&contents).await,
            }
        })
    }
}

impl Bucket for MemoryBucket {
    fn put(&self, key: &str, body: Body, size: u64, labels: &Labels) -> LocalFuture<'static, Result<()>> {
        let (key, labels) = (key.to_owned(), labels.clone());
        self.call(async move |contents| {
            check_key(&key)?;
            let bytes = body.bytes().await?;
            if u64::try_from(bytes.len()) != Ok(size) {
                return Err(failed("the body has another size"));
            }
            contents.objects.borrow_mut().insert(key, (bytes, labels));
            Ok(())
        })
    }

    fn get(&self, key: &str) -> LocalFuture<'static, Result<Option<(Body, u64, Labels)>>> {
        let key = key.to_owned();
        self.call(async move |contents| {
            check_key(&key)?;
            let found = contents.objects.borrow().get(&key).cloned();
            Ok(found.map(|(bytes, labels)| {
                let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
                (Body::from(bytes), size, labels)
            }))
        })
    }

    fn delete(&self, keys: &[String]) -> LocalFuture<'static, Result<()>> {
        let keys = keys.to_vec();
        self.call(async move |contents| {
            if keys.len() > MAX_KEYS {
                return Err(failed("too many keys in one call"));
            }
            contents.objects.borrow_mut().retain(|key, _| !keys.contains(key));
            Ok(())
        })
    }

    fn list(&self, prefix: &str) -> LocalFuture<'static, Result<Vec<String>>> {
        let prefix = prefix.to_owned();
        self.call(async move |contents| {
            let objects = contents.objects.borrow();
            Ok(objects.keys().filter(|key| key.starts_with(&prefix)).take(MAX_KEYS).cloned().collect())
        })
    }
}

fn check_key(key: &str) -> Result<()> {
    match key.len() {
        1..=MAX_KEY_BYTES => Ok(()),
        _ => Err(failed("a key has 1 to 1,024 bytes")),
    }
}

fn failed(text: &'static str) -> Error {
    Error::new(ErrorKind::Platform, text)
}
