//! Files: images and other files of a room's members, in a bucket (Cloudflare R2).
//!
//! A member uploads a file, and then appends an item that names it. The file belongs to the item from then on, and is
//! deleted with it.
//!
//! In a [channel](crate::channel) that is all: [`Rules::files`](crate::channel::Rules::files) returns the part, and
//! [`Rules::body`](crate::channel::Rules::body) takes a file that a draft names by
//! [`Context::file`](crate::channel::Context::file). The channel answers uploads (`PUT {room}/files/{id}`), has items
//! and files belong to each other in one transaction, and deletes what nobody needs. Browsers read a file at the same
//! address: the worker's [router](crate::Router::files) takes it from the bucket, and no room wakes for it.
//!
//! # Guarantees
//!
//! - **No file is lost from an item.** An item is stored only with a file that the bucket has stored.
//! - **No file stays for ever.** The room writes down each file before it is stored. What failed, what was not appended
//!   within a day, and what belonged to an item that was deleted is deleted from the bucket by a job, as often as it
//!   takes. So are all files of a room that is [destroyed](crate::Room::destroy).
//! - **Who may read.** A file is read by its address, which has its id of 128 random bits. As with everything that a
//!   browser has shown, a reader may keep it after it was deleted.
//!
//! # An upload
//!
//! `PUT /parties/{party}/{room}/files/{id}?name=sea.png&width=640&height=480`, with the file as its body:
//!
//! | part of the request | meaning |
//! | --- | --- |
//! | `id` | chosen by the client for each attempt: 22 to 64 letters, digits, `-` and `_`, from at least 128 random bits |
//! | `Authorization: Bearer ..` | the member's secret, or its token where the app has accounts |
//! | `Content-Type` | the media type. One that is none becomes `application/octet-stream` |
//! | `Content-Length` | the size in bytes. It is required: the bucket must know it before |
//! | `name` | the file's name. Only its last segment is kept, without what cannot be seen, at most 120 characters |
//! | `width`, `height` | the size of an image in pixels, so that pages keep its place. Nobody checks it |
//!
//! | answer | reason |
//! | --- | --- |
//! | 201 with the [`File`] | it is stored. The same again for an upload that is sent twice |
//! | 400 `invalid`, `empty` | an id that is none; a file without content |
//! | 401, 403 | no secret or a wrong one; the member is muted or banned, or the room is locked |
//! | 409 `conflict` | the id is used already, by another member or by an attempt that failed |
//! | 411 | `Content-Length` is missing |
//! | 413 `too_large` | more than a file, or all files of the room, may have |
//! | 429 `slow_down` | too many requests, or too many files that belong to no item |
//! | 501 `unsupported` | no bucket is bound |
//!
//! # Example
//!
//! ```
//! use party::channel::{Channel, Context, Rules, channel_hooks};
//! use party::parts::files::{File, Files, FilesOptions};
//! use party::testing::{TestMember, TestRoom};
//! use party::{Props, Request, Response, Result, Room, Server};
//!
//! struct Album {
//!     channel: Channel<Pictures>,
//! }
//!
//! impl Server for Album {
//!     async fn on_start(room: &Room, _props: Props) -> Result<Self> {
//!         let files = Files::open(room, FilesOptions::new("FILES"))?;
//!         Ok(Self { channel: Channel::open(room, Pictures { files })? })
//!     }
//!
//!     channel_hooks!(channel);
//!
//!     async fn on_request(&self, _room: &Room, request: Request) -> Result<Response> {
//!         self.channel.request(request).await
//!     }
//! }
//!
//! struct Pictures {
//!     files: Files,
//! }
//!
//! impl Rules for Pictures {
//!     type Draft = String;
//!     type Body = File;
//!     type Introduction = ();
//!     type Profile = ();
//!     type Command = party::channel::NoCommand;
//!
//!     fn files(&self) -> Option<&Files> {
//!         Some(&self.files)
//!     }
//!
//!     fn profile(&self, _by: &Context<'_, Self>, _introduction: Option<()>) -> Result<()> {
//!         Ok(())
//!     }
//!
//!     fn body(&self, by: &Context<'_, Self>, file: String, _old: Option<File>) -> Result<File> {
//!         by.file(&file)
//!     }
//! }
//!
//! let room = TestRoom::<Album>::new("holidays");
//! let bucket = room.bucket("FILES");
//! let mut ada = TestMember::<Pictures>::new("ada");
//! ada.join(&room);
//!
//! let id = "0123456789abcdefghijkl";
//! let upload = http::Request::put(format!("/parties/party/holidays/files/{id}?name=sea.png"))
//!     .header("Authorization", format!("Bearer {}", ada.secret.as_deref().unwrap()))
//!     .header("Content-Type", "image/png")
//!     .header("Content-Length", "6");
//! assert_eq!(room.request(upload.body("pixels").unwrap()).status(), 201);
//! ada.append(id.to_owned());
//! assert_eq!(ada.bodies(), [File { id: id.into(), name: "sea.png".into(), media_type: "image/png".into(), size: 6, width: None, height: None }]);
//! assert_eq!(bucket.keys().len(), 1);
//!
//! ada.delete(1);
//! room.advance(std::time::Duration::from_secs(1));
//! assert!(bucket.keys().is_empty());
//! ```

mod options;
mod sweep;
mod upload;

use std::fmt;
use std::rc::Rc;
use std::time::Duration;

use base64ct::{Base64UrlUnpadded, Encoding};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub use self::options::FilesOptions;
use self::sweep::empty;
pub use self::upload::Upload;
use super::jobs::{Job, Jobs, When};
use crate::error::{Error, ErrorCode, Result};
use crate::{Body, Bucket, MemberId, Room, Sql};

/// The files. `item` is the `seq` of the item that a file belongs to: `NULL` for none yet, and 0, which no item has,
/// for a file that is to be deleted. `stored` is 1 once the bucket has it.
const NAME: &str = "party_files";
const TABLE: &str = "CREATE TABLE IF NOT EXISTS party_files (
    id TEXT PRIMARY KEY, member TEXT NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL, size INTEGER NOT NULL,
    width INTEGER, height INTEGER, at INTEGER NOT NULL, stored INTEGER NOT NULL DEFAULT 0, item INTEGER
) WITHOUT ROWID";
const INDEX: &str = "CREATE INDEX IF NOT EXISTS party_files_by_item ON party_files (item, member)";

/// The storage key of how many bytes all files have together.
const BYTES: &str = "party.files";

/// The job that deletes files.
const SWEEP: (&str, &str) = ("party.files", "sweep");

/// How long a file may belong to no item.
const WAITS: Duration = Duration::from_secs(24 * 3_600);

/// A file, as members see it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[cfg_attr(test, ts(rename = "RoomFile"))]
pub struct File {
    /// Its id: the last segment of its address.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its media type, such as `image/png`.
    #[serde(rename = "type")]
    pub media_type: String,
    /// Its size in bytes.
    #[cfg_attr(test, ts(type = "number"))]
    pub size: u64,
    /// The width of an image in pixels, as its sender says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub width: Option<u32>,
    /// Its height.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub height: Option<u32>,
}

/// The files of a room's members.
///
/// # Limits
///
/// Those of [`FilesOptions`]. A file that no item names is deleted after 24 hours. The bucket is called without the
/// room's lock: other events of the room run while a file is stored.
///
/// # Costs
///
/// An upload writes a row and changes it twice, and one value by key; a deletion is one job for up to 1,000 files. A
/// room without files has no table.
#[derive(Clone)]
pub struct Files(Rc<Inner>);

struct Inner {
    room: Room,
    sql: Sql,
    options: FilesOptions,
}

impl Files {
    /// Opens the files of a room. It reads and writes nothing.
    ///
    /// # Errors
    ///
    /// No errors: it is a `Result` as for every part.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// use party::parts::files::{Files, FilesOptions};
    ///
    /// let files = Files::open(room, FilesOptions::new("FILES"))?;
    /// assert!(!files.is_available(), "no such bucket is bound");
    /// # Ok(()) });
    /// ```
    pub fn open(room: &Room, options: FilesOptions) -> Result<Self> {
        let inner = Inner { room: room.clone(), sql: room.sql().clone(), options };
        let files = Self(Rc::new(inner));
        if let Some(bucket) = files.bucket() {
            room.before_destroy(move |room| Box::pin(empty(bucket.clone(), folder_of(room))));
        }
        Ok(files)
    }

    /// Returns whether the bucket is bound. Without it, uploads are refused with the code `unsupported`.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::parts::files::Files;
    /// fn limit(files: &Files) -> Option<u64> {
    ///     files.is_available().then(|| files.max_file_bytes())
    /// }
    /// ```
    pub fn is_available(&self) -> bool {
        self.bucket().is_some()
    }

    /// Returns the largest size of a file, in bytes.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # use party::parts::files::{Files, FilesOptions};
    /// let files = Files::open(room, FilesOptions::new("FILES"))?;
    /// assert_eq!(files.max_file_bytes(), 10 * 1_024 * 1_024);
    /// # Ok(()) });
    /// ```
    pub fn max_file_bytes(&self) -> u64 {
        self.0.options.file_bytes
    }

    /// Stores a file of a member. A file that the member has stored under this id already is returned, and stays as it
    /// is.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::UNSUPPORTED`] without a bucket; [`ErrorCode::INVALID`] for an id or name that cannot be;
    /// [`ErrorCode::EMPTY`] and [`ErrorCode::TOO_LARGE`] for the size; [`ErrorCode::CONFLICT`] for an id that is used
    /// already; [`ErrorCode::SLOW_DOWN`] for too many files that belong to no item. Other errors are the bucket's.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::parts::files::{File, Files, Upload};
    /// # use party::{MemberId, Result};
    /// async fn store(files: &Files, member: &MemberId, id: &str, text: String) -> Result<File> {
    ///     let upload = Upload::new(id, "notes.txt", "text/plain", text.len() as u64);
    ///     files.store(member, &upload, text).await
    /// }
    /// ```
    pub async fn store(&self, member: &MemberId, upload: &Upload, body: impl Into<Body>) -> Result<File> {
        let (Some(bucket), Some(key)) = (self.bucket(), self.key(&upload.id)) else {
            return Err(Error::client(ErrorCode::UNSUPPORTED, "this room stores no files"));
        };
        let file = upload.checked(&self.0.options)?;
        if let Some(stored) = self.begin(member, &file)? {
            return Ok(stored);
        }
        let stored = bucket.put_labelled(&key, body.into(), file.size, &upload::labels(&file)).await;
        match stored.and_then(|()| self.finish(&file.id)) {
            Ok(()) => Ok(file),
            Err(error) => {
                // Whether the bucket has it is not known, and the room may be gone: both are asked to forget it.
                let _job_tries_again = bucket.delete(&[key]).await;
                let _room_is_gone = self.give_up(&file.id);
                Err(error)
            }
        }
    }

    /// Writes down that a file will be stored. Returns the file that is stored already.
    fn begin(&self, member: &MemberId, file: &File) -> Result<Option<File>> {
        if self.0.sql.ensure_table(NAME, TABLE)? {
            self.0.sql.execute(INDEX, ())?;
        }
        let query = "SELECT id, name, type, size, width, height FROM party_files
                     WHERE id = ? AND member = ? AND stored = 1 AND item IS NOT 0";
        if let Some(stored) = self.0.sql.query_opt(query, (&file.id, member))? {
            return Ok(Some(stored));
        }
        if !self.0.sql.rows("SELECT 1 FROM party_files WHERE id = ?", (&file.id,))?.is_empty() {
            return Err(Error::client(ErrorCode::CONFLICT, "this id is used already"));
        }
        self.check_space(member, file.size)?;
        let File { id, name, media_type, size, width, height } = file;
        self.0.sql.execute(
            "INSERT INTO party_files (id, member, name, type, size, width, height, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (id, member, name, media_type, *size, *width, *height, self.0.room.now()),
        )?;
        self.0.room.storage().put(BYTES, &self.bytes()?.saturating_add(*size))?;
        self.jobs()?.set_if_absent(SWEEP.0, SWEEP.1, When::after(WAITS), &())?;
        Ok(None)
    }

    /// Refuses a file for which there is no space.
    fn check_space(&self, member: &MemberId, size: u64) -> Result<()> {
        if self.bytes()?.saturating_add(size) > self.0.options.room_bytes {
            return Err(Error::client(ErrorCode::TOO_LARGE, "the room has no space for more files"));
        }
        let query = "SELECT count(*) FROM party_files WHERE item IS NULL AND member = ?";
        let (waiting,): (u32,) = self.0.sql.query_one(query, (member,))?;
        if waiting >= self.0.options.waiting {
            let text = "too many of your files are in no message";
            return Err(Error::client(ErrorCode::SLOW_DOWN, text).retry_after(WAITS));
        }
        Ok(())
    }

    /// Writes down that the bucket has a file.
    fn finish(&self, id: &str) -> Result<()> {
        let statement = "UPDATE party_files SET stored = 1 WHERE id = ? AND item IS NULL RETURNING 1";
        match self.0.sql.rows(statement, (id,))?.is_empty() {
            true => Err(Error::client(ErrorCode::UNAVAILABLE, "the file was deleted meanwhile")),
            false => Ok(()),
        }
    }

    /// Has a file deleted that could not be stored.
    fn give_up(&self, id: &str) -> Result<()> {
        self.unwant("UPDATE party_files SET item = 0 WHERE id = ? AND item IS NULL RETURNING 1", id)
    }

    /// Returns a file that a member has stored and that belongs to no item yet.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::NOT_FOUND`].
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # use party::parts::files::{Files, FilesOptions};
    /// # use party::{ErrorCode, MemberId};
    /// let files = Files::open(room, FilesOptions::new("FILES"))?;
    /// let ada = MemberId::new("ada")?;
    /// assert_eq!(files.waiting("0123456789abcdefghijkl", &ada).unwrap_err().code(), ErrorCode::NOT_FOUND);
    /// # Ok(()) });
    /// ```
    pub fn waiting(&self, id: &str, member: &MemberId) -> Result<File> {
        let unknown = || Error::client(ErrorCode::NOT_FOUND, "there is no such file, or it is in a message");
        if !self.0.sql.has_table(NAME)? {
            return Err(unknown());
        }
        let query = "SELECT id, name, type, size, width, height FROM party_files
                     WHERE id = ? AND member = ? AND stored = 1 AND item IS NULL";
        self.0.sql.query_opt(query, (id, member))?.ok_or_else(unknown)
    }

    /// Has a file belong to an item. Call it in the transaction that stores the item.
    ///
    /// # Errors
    ///
    /// [`ErrorCode::NOT_FOUND`], as [`waiting`](Self::waiting).
    ///
    /// # Example
    ///
    /// ```
    /// # use party::parts::files::Files;
    /// # use party::{MemberId, Result};
    /// fn keep(files: &Files, id: &str, ada: &MemberId, seq: u64) -> Result<()> {
    ///     files.attach(id, ada, seq)
    /// }
    /// ```
    pub fn attach(&self, id: &str, member: &MemberId, item: u64) -> Result<()> {
        self.waiting(id, member)?;
        self.0.sql.execute("UPDATE party_files SET item = ? WHERE id = ?", (item, id))
    }

    /// Has the files of an item deleted.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Sql`](crate::ErrorKind::Sql) when the database refuses.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # use party::parts::files::{Files, FilesOptions};
    /// let files = Files::open(room, FilesOptions::new("FILES"))?;
    /// files.release(7)?;
    /// # Ok(()) });
    /// ```
    pub fn release(&self, item: u64) -> Result<()> {
        self.unwant("UPDATE party_files SET item = 0 WHERE item = ? RETURNING 1", item)
    }

    /// Has the files of all items before this `seq` deleted: those that the log's retention has removed.
    ///
    /// # Errors
    ///
    /// As [`release`](Self::release).
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::hook(async |room, _ada| {
    /// # use party::parts::files::{Files, FilesOptions};
    /// let files = Files::open(room, FilesOptions::new("FILES"))?;
    /// files.release_before(1_000)?;
    /// # Ok(()) });
    /// ```
    pub fn release_before(&self, item: u64) -> Result<()> {
        self.unwant("UPDATE party_files SET item = 0 WHERE item > 0 AND item < ? RETURNING 1", item)
    }

    fn unwant(&self, statement: &str, which: impl crate::Param) -> Result<()> {
        if self.0.sql.has_table(NAME)? && !self.0.sql.rows(statement, (which,))?.is_empty() {
            self.jobs()?.set(SWEEP.0, SWEEP.1, When::after(Duration::ZERO), &())?;
        }
        Ok(())
    }

    /// Runs a job of this part. Returns `false` for the job of something else.
    ///
    /// # Errors
    ///
    /// When the bucket or the database refuses: the job runs again later.
    ///
    /// # Example
    ///
    /// In a room without a channel, whose [`jobs`](crate::parts::jobs) are its own:
    ///
    /// ```
    /// # use party::parts::files::Files;
    /// # use party::parts::jobs::Jobs;
    /// # use party::Result;
    /// async fn on_alarm(jobs: &Jobs, files: &Files) -> Result<()> {
    ///     jobs.run(async |job| files.handle(job).await.map(drop)).await
    /// }
    /// ```
    pub async fn handle(&self, job: &Job) -> Result<bool> {
        let is_ours = job.kind() == SWEEP.0;
        if is_ours {
            self.sweep().await?;
        }
        Ok(is_ours)
    }

    /// Returns how many bytes all files have together.
    fn bytes(&self) -> Result<u64> {
        Ok(self.0.room.storage().get(BYTES)?.unwrap_or_default())
    }

    fn bucket(&self) -> Option<Bucket> {
        self.0.room.bucket(&self.0.options.bucket)
    }

    /// Returns the room's jobs. They are opened when they are needed: a room that wakes need not look for them.
    fn jobs(&self) -> Result<Jobs> {
        Jobs::open(&self.0.room)
    }

    fn key(&self, id: &str) -> Option<String> {
        folder_of(&self.0.room).map(|folder| format!("{folder}{id}"))
    }

    /// Returns whether the room has ever had a file.
    pub(crate) fn is_used(&self) -> Result<bool> {
        self.0.sql.has_table(NAME)
    }
}

/// Returns where a room's files are in the bucket. `None` for a room that no address leads to.
fn folder_of(room: &Room) -> Option<String> {
    Some(folder(room.party()?.as_str(), room.name().as_str()))
}

/// Returns where a room's files are in the bucket: a room's name can be longer than a key, and need not be known to
/// those who see the bucket.
pub(crate) fn folder(party: &str, room: &str) -> String {
    format!("{party}/{}/", Base64UrlUnpadded::encode_string(&Sha256::digest(room)))
}

impl fmt::Debug for Files {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Files").field("options", &self.0.options).finish_non_exhaustive()
    }
}
