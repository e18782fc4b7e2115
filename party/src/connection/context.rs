//! The request with which a connection came.

use std::borrow::Cow;

use crate::router::subprotocol;

/// The request with which a connection came: its address and headers.
///
/// It is available in [`Server::connection_tags`](crate::Server::connection_tags) and
/// [`Server::on_connect`](crate::Server::on_connect) only. Data that is needed later belongs in the connection's
/// [state](crate::Connection::set_state).
///
/// # Example
///
/// ```
/// # party::testing::example::arrival(|client| client.query("name", "Ada").bearer("secret"), |_room, who, context| {
/// let name = context.query("name").unwrap_or("Guest".into());
/// who.set_state(&(name, context.bearer().is_some()))?;
/// assert_eq!(who.state()?, Some(("Ada".to_owned(), true)));
/// # Ok(()) });
/// ```
#[derive(Clone, Debug)]
pub struct ConnectionContext {
    request: http::Request<()>,
    subprotocol: Option<String>,
}

impl ConnectionContext {
    pub(crate) fn new(request: http::Request<()>, subprotocol: Option<String>) -> Self {
        Self { request, subprotocol }
    }

    /// Returns the upgrade request.
    ///
    /// **Security:** everything in it was chosen by the client, except the headers that the platform sets, such as
    /// `CF-Connecting-IP`.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::arrival(|client| client, |_room, _who, context| {
    /// assert_eq!(context.request().method(), "GET");
    /// assert_eq!(context.request().uri().path(), "/parties/party/lobby");
    /// # Ok(()) });
    /// ```
    pub fn request(&self) -> &http::Request<()> {
        &self.request
    }

    /// Returns the first value of a header, if it is text.
    ///
    /// Names of headers have no case. `None` if the header is missing, or has bytes that are not visible ASCII.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::arrival(|client| client.header("cf-ipcountry", "PT"), |_room, _who, context| {
    /// assert_eq!(context.header("CF-IPCountry"), Some("PT"));
    /// assert_eq!(context.header("cookie"), None);
    /// # Ok(()) });
    /// ```
    pub fn header(&self, name: &str) -> Option<&str> {
        self.request.headers().get(name)?.to_str().ok()
    }

    /// Returns the first value of a parameter in the address's query, decoded.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::arrival(|client| client.query("team", "red & blue"), |_room, _who, context| {
    /// assert_eq!(context.query("team").as_deref(), Some("red & blue"));
    /// assert_eq!(context.query("color"), None);
    /// # Ok(()) });
    /// ```
    pub fn query(&self, name: &str) -> Option<Cow<'_, str>> {
        find_value(self.request.uri().query()?, name)
    }

    /// Returns the subprotocol that is selected for the connection: [`party`](crate::SUBPROTOCOL), one of those of
    /// [`Router::subprotocols`](crate::Router::subprotocols), or none.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::arrival(|client| client.subprotocol("graphql-ws"), |_room, _who, context| {
    /// assert_eq!(context.subprotocol(), Some("graphql-ws"));
    /// # Ok(()) });
    /// ```
    pub fn subprotocol(&self) -> Option<&str> {
        self.subprotocol.as_deref()
    }

    /// Returns the secret or token by which the client proves its identity, offered as the subprotocol
    /// `party.bearer.{secret}` beside [`party`](crate::SUBPROTOCOL): a browser can set no header on a WebSocket, and
    /// addresses are logged.
    ///
    /// **Security:** a client can send any text. [`parts::identity`](crate::parts::identity) checks one.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::arrival(|client| client.bearer("open-sesame"), |_room, _who, context| {
    /// assert_eq!(context.bearer(), Some("open-sesame"));
    /// # Ok(()) });
    /// ```
    pub fn bearer(&self) -> Option<&str> {
        subprotocol::bearer(self.request.headers())
    }

    /// Returns the key of an invitation that the client brings, offered as the subprotocol `party.invitation.{key}`
    /// beside [`party`](crate::SUBPROTOCOL), for the same reasons as a [secret](Self::bearer).
    ///
    /// **Security:** a client can send any text. [`parts::invitations`](crate::parts::invitations) checks one.
    ///
    /// # Example
    ///
    /// ```
    /// # party::testing::example::arrival(|client| client.invitation("7f3a"), |_room, _who, context| {
    /// assert_eq!(context.invitation(), Some("7f3a"));
    /// # Ok(()) });
    /// ```
    pub fn invitation(&self) -> Option<&str> {
        subprotocol::invitation(self.request.headers())
    }
}

/// Returns the first value of a parameter in an address's query.
pub(crate) fn query_value<'a>(uri: &'a str, name: &str) -> Option<Cow<'a, str>> {
    let (_, query) = uri.split_once('?')?;
    find_value(query.split('#').next().unwrap_or(query), name)
}

/// Returns the first value of a parameter in a query, decoded.
pub(crate) fn find_value<'a>(query: &'a str, name: &str) -> Option<Cow<'a, str>> {
    form_urlencoded::parse(query.as_bytes()).find_map(|(key, value)| (key == name).then_some(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_parameter_is_found_and_decoded() {
        let uri = "https://x/parties/chat/lobby?_pk=a%20b&name=Zo%C3%AB+K&name=second&flag";
        assert_eq!(query_value(uri, "_pk").as_deref(), Some("a b"));
        assert_eq!(query_value(uri, "name").as_deref(), Some("Zoë K"));
        assert_eq!(query_value(uri, "flag").as_deref(), Some(""));
        assert_eq!(query_value(uri, "none"), None);
        assert_eq!(query_value("https://x/", "none"), None);
    }
}
