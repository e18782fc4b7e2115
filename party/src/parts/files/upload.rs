//! What a client says of a file that it uploads.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::{File, FilesOptions};
use crate::error::{Error, ErrorCode, Result};
use crate::parts::names::is_invisible;
use crate::platform::Labels;

/// The length of an id: 22 characters of 64 are 132 random bits.
const ID_CHARS: std::ops::RangeInclusive<usize> = 22..=64;

/// The longest name, in characters. A longer one is cut.
const MAX_NAME_CHARS: usize = 120;

/// The longest media type, in bytes. A longer one is none.
const MAX_TYPE_BYTES: usize = 100;

/// The largest width and height of an image, in pixels. Without a sensible size none is kept.
const MAX_PIXELS: u32 = 65_535;

/// What has no media type that can be used.
const ANY_TYPE: &str = "application/octet-stream";

/// The media types that a browser may show by itself: pictures that contain no scripts.
const SHOWN: [&str; 5] = ["image/avif", "image/gif", "image/jpeg", "image/png", "image/webp"];

/// The characters that stand for themselves in a header's parameter.
const PARAMETER: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_');

/// What a client says of a file that it uploads.
///
/// # Example
///
/// ```
/// use party::parts::files::Upload;
///
/// let picture = Upload::new("0123456789abcdefghijkl", "sea.png", "image/png", 81_920).pixels(640, 480);
/// # let _ = picture;
/// ```
#[derive(Clone, Debug)]
pub struct Upload {
    pub(super) id: String,
    name: String,
    media_type: String,
    size: u64,
    width: Option<u32>,
    height: Option<u32>,
}

impl Upload {
    /// Returns an upload of `size` bytes. The client makes the id of at least 128 random bits: 22 to 64 letters,
    /// digits, `-` and `_`. Only the last segment of the name is kept, without what cannot be seen, and at most 120
    /// characters.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::parts::files::Upload;
    /// let notes = Upload::new("0123456789abcdefghijkl", "notes.txt", "text/plain", 512);
    /// # let _ = notes;
    /// ```
    pub fn new(id: &str, name: &str, media_type: &str, size: u64) -> Self {
        let (id, name, media_type) = (id.to_owned(), name.to_owned(), media_type.to_owned());
        Self { id, name, media_type, size, width: None, height: None }
    }

    /// Sets the size of an image, so that pages keep its place while it is loaded. Nobody checks it.
    ///
    /// # Example
    ///
    /// ```
    /// # use party::parts::files::Upload;
    /// let sea = Upload::new("0123456789abcdefghijkl", "sea.png", "image/png", 81_920).pixels(640, 480);
    /// # let _ = sea;
    /// ```
    #[must_use]
    pub fn pixels(self, width: u32, height: u32) -> Self {
        let sensible = |pixels: u32| (1..=MAX_PIXELS).contains(&pixels);
        match sensible(width) && sensible(height) {
            true => Self { width: Some(width), height: Some(height), ..self },
            false => self,
        }
    }

    /// Checks what the client says, and returns the file that it becomes.
    pub(super) fn checked(&self, options: &FilesOptions) -> Result<File> {
        let is_sign = |char: char| char.is_ascii_alphanumeric() || matches!(char, '-' | '_');
        if !ID_CHARS.contains(&self.id.len()) || !self.id.chars().all(is_sign) {
            return Err(Error::client(ErrorCode::INVALID, "an id has 22 to 64 letters, digits, `-` or `_`"));
        }
        match self.size {
            0 => return Err(Error::client(ErrorCode::EMPTY, "the file is empty")),
            size if size > options.file_bytes => {
                let text = format!("the file has {size} bytes, more than {}", options.file_bytes);
                return Err(Error::client(ErrorCode::TOO_LARGE, text));
            }
            _ => {}
        }
        Ok(File {
            id: self.id.clone(),
            name: clean_name(&self.name),
            media_type: clean_type(&self.media_type),
            size: self.size,
            width: self.width,
            height: self.height,
        })
    }
}

/// Returns the headers with which a file is read. Only pictures are shown, anything else is saved.
pub(super) fn labels(file: &File) -> Labels {
    let shown = SHOWN.contains(&file.media_type.as_str());
    let how = if shown { "inline" } else { "attachment" };
    let name = utf8_percent_encode(&file.name, PARAMETER);
    Labels { media_type: file.media_type.clone(), disposition: format!("{how}; filename*=UTF-8''{name}") }
}

/// Returns the last segment of a name, without characters that cannot be seen. An extension stays when it is cut.
fn clean_name(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let seen: String = name.chars().filter(|char| !char.is_control() && !is_invisible(*char)).collect();
    let seen = seen.trim();
    if seen.trim_matches('.').is_empty() {
        return "file".to_owned();
    }
    let extension = seen.rsplit_once('.').map_or("", |(_, extension)| extension);
    let chars = seen.chars().count();
    if chars <= MAX_NAME_CHARS {
        return seen.to_owned();
    }
    let kept = extension.chars().count().saturating_add(1);
    match kept < 12 {
        true => {
            let stem: String = seen.chars().take(MAX_NAME_CHARS.saturating_sub(kept)).collect();
            format!("{stem}.{extension}")
        }
        false => seen.chars().take(MAX_NAME_CHARS).collect(),
    }
}

/// Returns a media type without its parameters, in lower case.
fn clean_type(media_type: &str) -> String {
    let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let is_token = |token: &str| {
        let is_sign = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$&^_.+-".contains(&byte);
        !token.is_empty() && token.bytes().all(is_sign)
    };
    match essence.split_once('/') {
        Some((kind, sub)) if essence.len() <= MAX_TYPE_BYTES && is_token(kind) && is_token(sub) => essence,
        _ => ANY_TYPE.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, media_type: &str) -> File {
        let upload = Upload::new("0123456789abcdefghijkl", name, media_type, 1);
        upload.checked(&FilesOptions::new("FILES")).unwrap()
    }

    #[test]
    fn names_keep_their_last_segment_and_their_extension() {
        let long = format!("{}.tar.gz", "a".repeat(200));
        let cut = format!("{}.gz", "a".repeat(117));
        let cases = [
            ("sea.png", "sea.png"),
            ("../../etc/passwd", "passwd"),
            (r"C:\fakepath\sea.png", "sea.png"),
            ("Größe 1.txt", "Größe 1.txt"),
            ("photo\u{202e}gnp.exe", "photognp.exe"),
            ("a\r\nb.txt", "ab.txt"),
            ("..", "file"),
            (" ", "file"),
            ("", "file"),
            (&long, &cut),
        ];
        for (name, expected) in cases {
            assert_eq!(file(name, "text/plain").name, expected, "{name:?}");
        }
        assert_eq!(file(&format!("a.{}", "b".repeat(300)), "").name.chars().count(), MAX_NAME_CHARS);
    }

    #[test]
    fn only_pictures_without_scripts_are_shown() {
        let shows = |media_type: &str| labels(&file("x", media_type)).disposition.starts_with("inline;");
        for media_type in ["image/png", "IMAGE/JPEG", "image/gif; q=1", "image/webp", "image/avif"] {
            assert!(shows(media_type), "{media_type}");
        }
        for media_type in ["image/svg+xml", "text/html", "application/pdf", "image/png\r\nx: y", "png", ""] {
            assert!(!shows(media_type), "{media_type}");
        }
    }

    #[test]
    fn a_media_type_that_is_none_is_any() {
        for media_type in
            ["", "png", "/png", "image/", "image/png/x", "a b/c", "ä/b", &format!("a/{}", "b".repeat(99))]
        {
            assert_eq!(file("x", media_type).media_type, ANY_TYPE, "{media_type:?}");
        }
        assert_eq!(file("x", "Text/Plain; charset=utf-8").media_type, "text/plain");
    }

    #[test]
    fn the_disposition_says_the_name_in_ascii() {
        let labels = labels(&file("Größe \"1\".png", "image/png"));
        assert_eq!(labels.disposition, "inline; filename*=UTF-8''Gr%C3%B6%C3%9Fe%20%221%22.png");
    }

    #[test]
    fn an_image_without_a_sensible_size_has_none() {
        for (width, height) in [(0, 1), (1, 0), (1, MAX_PIXELS + 1), (u32::MAX, u32::MAX)] {
            let upload = Upload::new("0123456789abcdefghijkl", "x", "image/png", 1).pixels(width, height);
            assert_eq!(upload.checked(&FilesOptions::new("FILES")).unwrap().width, None);
        }
    }
}
