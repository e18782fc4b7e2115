//! The addresses from which clients come.

use std::net::Ipv6Addr;

use super::Identity;
use crate::ConnectionContext;
use crate::error::Result;

/// Returns the part of an address that identifies one client.
pub(crate) fn network(address: &str) -> String {
    match address.parse::<Ipv6Addr>() {
        Ok(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
        Err(_) => address.to_owned(),
    }
}

impl Identity {
    /// Returns the network from which a client connects, before the room knows anything of it: for a limit, and never
    /// to be stored.
    pub(crate) fn network(context: &ConnectionContext) -> Option<String> {
        context.header("cf-connecting-ip").map(network)
    }

    /// Returns the address of a request, as it is kept with connections. `None` in a room that has kept none yet.
    pub(crate) fn known_address(&self, address: &str) -> Result<Option<String>> {
        Ok(self.kept_key()?.map(|key| key.short("address", &network(address))))
    }
}
