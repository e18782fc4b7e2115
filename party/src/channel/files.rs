//! Files of a channel's items: uploads, and which item they belong to.

use http::request::Parts;
use http::{StatusCode, header};

use super::Channel;
use super::context::Context;
use super::http::{Caller, header as header_of, json};
use super::rules::{Attempt, Rules};
use crate::connection::find_value;
use crate::error::{Error, ErrorCode, Result};
use crate::parts::files::{File, Upload};
use crate::parts::jobs::Job;
use crate::{Body, Response};

impl<R: Rules> Channel<R> {
    /// Stores a file that a member uploads.
    pub(super) async fn upload(
        &self,
        caller: &Caller,
        id: &str,
        parts: &Parts,
        body: Body,
    ) -> Result<Response> {
        let (Some(files), Caller::Member(member)) = (self.rules.files(), caller) else {
            return Err(Error::client(
                ErrorCode::UNSUPPORTED,
                "only members store files, where there are files",
            ));
        };
        self.admit_request(member, parts)?;
        self.authorize(&self.appearing(member, None)?, Attempt::Append)?;
        let length = header_of(parts, header::CONTENT_LENGTH.as_str()).and_then(|length| length.parse().ok());
        let length = length.ok_or_else(|| {
            Error::refuse(StatusCode::LENGTH_REQUIRED, "the header `Content-Length` is missing")
        })?;
        let query = parts.uri.query().unwrap_or_default();
        let name = find_value(query, "name").unwrap_or_default();
        let media_type = header_of(parts, header::CONTENT_TYPE.as_str()).unwrap_or_default();
        let pixels = |side: &str| find_value(query, side).and_then(|pixels| pixels.parse().ok()).unwrap_or(0);
        let upload = Upload::new(id, &name, media_type, length).pixels(pixels("width"), pixels("height"));
        json(StatusCode::CREATED, &files.store(member, &upload, body).await?)
    }

    /// Has the files that a rule has taken belong to a new item.
    pub(super) fn attach_files(&self, by: &Context<'_, R>, item: u64) -> Result<()> {
        let Some(files) = self.rules.files() else { return Ok(()) };
        by.taken_files().iter().try_for_each(|id| files.attach(id, by.member(), item))
    }

    /// Has the files of a deleted item deleted.
    pub(super) fn release_files(&self, item: u64) -> Result<()> {
        self.rules.files().map_or(Ok(()), |files| files.release(item))
    }

    /// Has the files of all items deleted that the log does not have any more.
    pub(super) fn release_old_files(&self) -> Result<()> {
        let Some(files) = self.rules.files() else { return Ok(()) };
        match files.is_used()? {
            true => files.release_before(self.log.oldest()?),
            false => Ok(()),
        }
    }

    /// Has the files of all items deleted.
    pub(super) fn release_all_files(&self) -> Result<()> {
        let Some(files) = self.rules.files() else { return Ok(()) };
        match files.is_used()? {
            true => files.release_before(self.log.head()?.saturating_add(1)),
            false => Ok(()),
        }
    }

    /// Runs a job of the files. Returns `false` for another job.
    pub(super) async fn handle_files(&self, job: &Job) -> Result<bool> {
        match self.rules.files() {
            Some(files) => files.handle(job).await,
            None => Ok(false),
        }
    }
}

impl<R: Rules> Context<'_, R> {
    /// Takes a file that the member has [stored](crate::parts::files): it belongs to the item that this operation
    /// appends or edits, and is deleted with it.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::NOT_FOUND`] for a file that is not the member's, is not stored, or belongs to an item already;
    /// [`ErrorCode::UNSUPPORTED`] without [`Rules::files`].
    ///
    /// # Example
    ///
    /// See [`parts::files`](crate::parts::files).
    pub fn file(&self, id: &str) -> Result<File> {
        let unsupported = || Error::client(ErrorCode::UNSUPPORTED, "this room stores no files");
        let file = self.channel().rules.files().ok_or_else(unsupported)?.waiting(id, self.member())?;
        self.take_file(id);
        Ok(file)
    }
}
