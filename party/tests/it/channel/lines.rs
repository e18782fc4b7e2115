//! A second protocol for the tests of the seam: a line of text for each frame.

use party::channel::{Channel, Context, Protocol, Request, Rules};
use party::parts::log::Direction;
use party::parts::wire::Entry;
use party::{Error, ErrorCode, Frame, Message, Result};

use super::board::Question;

/// `say {id} {text}`, `edit {id} {seq} {text}`, `name {id} {text}`, `echo {id} {text}`.
#[derive(Debug)]
pub(super) struct Lines;

impl<R: Rules<Draft = String, Body = Question, Introduction = String>> Protocol<R> for Lines {
    fn speaks(&self, version: Option<&str>) -> bool {
        version == Some("lines")
    }

    fn tag(&self) -> &'static str {
        "lines"
    }

    fn read(&self, _channel: &Channel<R>, by: &Context<'_, R>, message: &Message) -> Result<Vec<Request<R>>> {
        assert!(by.is_guest());
        let text = message.as_text().ok_or_else(|| Error::client(ErrorCode::BINARY, "not a text"))?;
        text.split('\n').map(request).collect()
    }

    fn welcome(&self, channel: &Channel<R>) -> Result<Frame<'static>> {
        let page = channel.log().page(Direction::Newest, channel.page_size())?;
        Ok(Frame::from(format!("welcome {}", page.entries.read()?.len())))
    }

    fn entry(&self, _channel: &Channel<R>, entry: &Entry) -> Result<Option<Frame<'static>>> {
        let question: Option<Question> = entry.read_body().ok();
        Ok(question.map(|question| Frame::from(format!("entry {} {}", entry.seq, question.text))))
    }

    fn known(&self, _channel: &Channel<R>, id: &str, seq: u64) -> Result<Option<Frame<'static>>> {
        Ok(Some(Frame::from(format!("known {id} {seq}"))))
    }

    fn error(&self, _channel: &Channel<R>, error: &Error) -> Option<Frame<'static>> {
        Some(Frame::from(format!("error {} {}", error.code(), error.id().unwrap_or("-"))))
    }
}

fn request<R: Rules<Draft = String, Introduction = String>>(line: &str) -> Result<Request<R>> {
    let unreadable = || Error::client(ErrorCode::INVALID, "not a line of this protocol");
    let words: Vec<&str> = line.splitn(3, ' ').collect();
    let [verb, id, text] = words.as_slice() else { return Err(unreadable()) };
    let (id, text) = ((*id).to_owned(), (*text).to_owned());
    match *verb {
        "say" => Ok(Request::Append(id, text)),
        "name" => Ok(Request::Introduce(id, text)),
        "echo" => Ok(Request::Answer(Frame::from(text))),
        "edit" => {
            let (seq, text) = text.split_once(' ').ok_or_else(unreadable)?;
            Ok(Request::Edit(id, seq.parse().map_err(|_| unreadable())?, text.to_owned()))
        }
        _ => Err(unreadable()),
    }
}
