//! The class that the platform makes objects of. It forwards events and does nothing else.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};

use crate::model::Party;

/// Returns the class of a party.
pub(crate) fn class(party: &Party) -> TokenStream {
    let Party { ident, class } = party;
    let name = format_ident!("{}Class", ident, span = proc_macro2::Span::call_site());
    let methods = methods(party, &name);
    // `#[wasm_bindgen]` on a struct finds its crate by the name in scope, whatever its `wasm_bindgen` option says.
    quote! {
        const _: () = {
            use ::party::__private::wasm_bindgen::{self, prelude::wasm_bindgen};

            #[wasm_bindgen(
                wasm_bindgen = ::party::__private::wasm_bindgen,
                js_name = #class
            )]
            #[doc(hidden)]
            #[derive(::core::fmt::Debug)]
            pub struct #name(::party::__private::Object);

            #methods
        };
    }
}

fn methods(party: &Party, name: &Ident) -> TokenStream {
    let Party { ident, class } = party;
    // The only place that asks for the party's `Server`; it has the struct's own span, for that is where it is missed.
    let new = quote_spanned!(ident.span()=> ::party::__private::Object::new::<#ident>);
    let js_value = quote!(::party::__private::JsValue);
    quote! {
        #[wasm_bindgen(
            wasm_bindgen = ::party::__private::wasm_bindgen,
            wasm_bindgen_futures = ::party::__private::wasm_bindgen_futures,
            js_sys = ::party::__private::js_sys,
            js_class = #class
        )]
        #[doc(hidden)]
        #[automatically_derived]
        impl #name {
            #[wasm_bindgen(constructor)]
            pub fn new(state: #js_value, env: #js_value) -> Self {
                Self(#new(state, env))
            }

            pub fn fetch(&self, request: #js_value) -> #js_value {
                self.0.fetch(request)
            }

            pub fn alarm(&self, info: #js_value) -> #js_value {
                self.0.alarm(info)
            }

            #[wasm_bindgen(js_name = webSocketMessage)]
            pub fn web_socket_message(&self, socket: #js_value, message: #js_value) -> #js_value {
                self.0.message(socket, message)
            }

            #[wasm_bindgen(js_name = webSocketClose)]
            pub fn web_socket_close(
                &self,
                socket: #js_value,
                code: u16,
                reason: ::std::string::String,
                was_clean: bool,
            ) -> #js_value {
                self.0.close(socket, code, reason, was_clean)
            }

            #[wasm_bindgen(js_name = webSocketError)]
            pub fn web_socket_error(&self, socket: #js_value, error: #js_value) -> #js_value {
                self.0.error(socket, error)
            }
        }
    }
}

#[cfg(test)]
mod tests;
