// A party need not be public or at the top of the crate.
#![deny(warnings)]

mod rooms {
    use party::{Props, Result, Room, Server, party};

    #[party]
    struct Chat;

    impl Server for Chat {
        async fn on_start(_room: &Room, _props: Props) -> Result<Self> {
            Ok(Self)
        }
    }
}

fn main() {}
