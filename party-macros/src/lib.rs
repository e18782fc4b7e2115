//! The `#[party]` attribute: options and struct are parsed (`parse`), checked into a model that cannot be wrong
//! (`model`), and expanded (`expand`). And the derive of `Frame` (`frame`).
//!
//! Their documentation is in the `party` crate, where its links resolve.

mod expand;
mod frame;
mod model;
mod parse;

use proc_macro::TokenStream;

/// Makes a struct a party.
#[proc_macro_attribute]
pub fn party(options: TokenStream, item: TokenStream) -> TokenStream {
    party_tokens(options.into(), item.into()).into()
}

/// Has an enum of frames read by their `type`.
#[proc_macro_derive(Frame, attributes(serde))]
pub fn frame(input: TokenStream) -> TokenStream {
    frame::derive(input.into()).into()
}

/// Returns the user's item, followed by the object's class or by what is wrong.
fn party_tokens(
    options: proc_macro2::TokenStream,
    item: proc_macro2::TokenStream,
) -> proc_macro2::TokenStream {
    let added = parse::Input::read(options, item.clone())
        .and_then(model::Party::check)
        .map_or_else(|error| error.into_compile_error(), |party| expand::class(&party));
    // The item stands in any case, so that one mistake gives one error and not one at every use of the struct.
    quote::quote! { #item #added }
}
