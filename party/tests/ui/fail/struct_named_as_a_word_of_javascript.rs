// The class has the struct's name unless it is given another.
use party::{Props, Result, Room, Server, party};

#[party]
#[expect(non_camel_case_types)]
pub struct function;

impl Server for function {
    async fn on_start(_room: &Room, _props: Props) -> Result<Self> {
        Ok(Self)
    }
}

fn main() {}
