//! Which port is served on.

use super::{Ipv4Addr, TcpListener, free_port, port};

#[test]
fn a_taken_port_is_refused_with_the_way_out() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let taken = listener.local_addr().unwrap().port();
    let message = port(Some(taken.to_string())).unwrap_err().to_string();
    assert!(message.contains("is taken") && message.contains("--port"), "{message}");
}

#[test]
fn a_free_port_is_taken_as_asked() {
    let free = free_port().unwrap();
    assert_eq!(port(Some(free.to_string())).unwrap(), free);
}

#[test]
fn an_invalid_port_is_refused() {
    assert!(port(Some("99999".to_owned())).is_err());
}
