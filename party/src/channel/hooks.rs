//! The hooks of a room that only has a channel.

/// Writes the hooks of a [`Server`](crate::Server) that hand every event to a channel: `connection_tags`, `on_connect`,
/// `on_message`, `on_close`, `on_relay` and `on_alarm`. The argument is the field that holds the channel.
///
/// A room that does something of its own in one of these hooks writes all of them: each is one line, such as
/// `self.channel.message(from, message).await`.
///
/// # Example
///
/// See [`party::channel`](crate::channel).
#[macro_export]
macro_rules! channel_hooks {
    ($channel:tt) => {
        async fn connection_tags(
            &self,
            _room: &$crate::Room,
            connection: &$crate::Connection,
            context: &$crate::ConnectionContext,
        ) -> $crate::Result<::std::vec::Vec<$crate::Tag>> {
            self.$channel.connection_tags(connection, context).await
        }

        async fn on_connect(
            &self,
            _room: &$crate::Room,
            connection: &$crate::Connection,
            context: &$crate::ConnectionContext,
        ) -> $crate::Result<()> {
            self.$channel.connect(connection, context)
        }

        async fn on_message(
            &self,
            _room: &$crate::Room,
            from: &$crate::Connection,
            message: $crate::Message,
        ) -> $crate::Result<()> {
            self.$channel.message(from, message).await
        }

        async fn on_close(
            &self,
            _room: &$crate::Room,
            connection: &$crate::Connection,
            _close: $crate::Close,
        ) -> $crate::Result<()> {
            self.$channel.close(connection)
        }

        async fn on_relay(
            &self,
            _room: &$crate::Room,
            call: $crate::RemoteCall,
        ) -> $crate::Result<$crate::Reply> {
            self.$channel.relayed(call).await
        }

        async fn on_alarm(&self, _room: &$crate::Room) -> $crate::Result<()> {
            self.$channel.alarm(async |_job| ::std::result::Result::Ok(())).await
        }
    };
}
