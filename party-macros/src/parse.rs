//! The tokens of `#[party(..)]` and of what it stands on, read but not judged.

use proc_macro2::{Span, TokenStream};
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Attribute, Error, Expr, Ident, Item, Result, Token};

pub(crate) const NOT_A_STRUCT: &str = "#[party] belongs on a struct";

/// All that was written.
pub(crate) struct Input {
    pub(crate) options: Vec<AnyOption>,
    pub(crate) item: Item,
}

/// `name = value`, or a lone `name`.
pub(crate) struct AnyOption {
    pub(crate) name: Ident,
    pub(crate) value: Option<Expr>,
}

impl Input {
    pub(crate) fn read(options: TokenStream, item: TokenStream) -> Result<Self> {
        let item = syn::parse2::<Item>(item).map_err(|_| Error::new(Span::call_site(), NOT_A_STRUCT));
        let options = Punctuated::<AnyOption, Token![,]>::parse_terminated
            .parse2(options)
            .map_err(|error| Error::new(error.span(), "expected an option, such as `class = \"Name\"`"));
        match (item, options) {
            (Ok(item), Ok(options)) => Ok(Self { options: options.into_iter().collect(), item }),
            (Err(mut error), Err(other)) => {
                error.combine(other);
                Err(error)
            }
            (Err(error), Ok(_)) | (Ok(_), Err(error)) => Err(error),
        }
    }
}

impl Parse for AnyOption {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let name = input.parse()?;
        let value = match input.parse::<Option<Token![=]>>()? {
            Some(_) => Some(input.parse()?),
            None => None,
        };
        Ok(Self { name, value })
    }
}

/// Returns the last segment of an attribute's path.
pub(crate) fn attribute_name(attribute: &Attribute) -> Option<&Ident> {
    attribute.path().segments.last().map(|segment| &segment.ident)
}
