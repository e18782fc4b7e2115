//! The limits of files.

/// The bucket and the limits of [`Files`](super::Files).
///
/// | limit | default |
/// | --- | --- |
/// | [size of a file](Self::file_bytes) | 10 MiB |
/// | [size of all files of a room](Self::room_bytes) | 1 GiB |
/// | [files of a member that belong to no item](Self::waiting) | 20 |
///
/// # Example
///
/// ```
/// use party::parts::files::FilesOptions;
///
/// let small_pictures = FilesOptions::new("PICTURES").file_bytes(1_024 * 1_024).waiting(4);
/// # let _ = small_pictures;
/// ```
#[derive(Clone, Debug)]
pub struct FilesOptions {
    pub(super) bucket: String,
    pub(super) file_bytes: u64,
    pub(super) room_bytes: u64,
    pub(super) waiting: u32,
}

impl FilesOptions {
    /// Returns the defaults, with the name of the bucket's binding in `wrangler.toml`.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::parts::files::FilesOptions;
    /// let options = FilesOptions::new("FILES");
    /// # let _ = options;
    /// ```
    pub fn new(bucket: &str) -> Self {
        let mib = 1_024 * 1_024;
        Self { bucket: bucket.to_owned(), file_bytes: 10 * mib, room_bytes: 1_024 * mib, waiting: 20 }
    }

    /// Sets the largest size of a file, in bytes. Default: 10 MiB. A request to a worker has at most 100 MB on
    /// Cloudflare's free plan ([limits](https://developers.cloudflare.com/workers/platform/limits/)).
    ///
    /// # Example
    ///
    /// ```
    /// # use party::parts::files::FilesOptions;
    /// let options = FilesOptions::new("FILES").file_bytes(25 * 1_024 * 1_024);
    /// # let _ = options;
    /// ```
    #[must_use]
    pub fn file_bytes(self, file_bytes: u64) -> Self {
        Self { file_bytes, ..self }
    }

    /// Sets the largest size of all files of a room together, in bytes. Default: 1 GiB.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::parts::files::FilesOptions;
    /// let options = FilesOptions::new("FILES").room_bytes(100 * 1_024 * 1_024);
    /// # let _ = options;
    /// ```
    #[must_use]
    pub fn room_bytes(self, room_bytes: u64) -> Self {
        Self { room_bytes, ..self }
    }

    /// Sets how many files of one member may belong to no item. Default: 20.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::parts::files::FilesOptions;
    /// let options = FilesOptions::new("FILES").waiting(5);
    /// # let _ = options;
    /// ```
    #[must_use]
    pub fn waiting(self, waiting: u32) -> Self {
        Self { waiting, ..self }
    }
}
