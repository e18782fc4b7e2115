//! `#[derive(Frame)]`: how an enum of frames is read by its `type`. The variants are parsed (`Frames::parse`) into
//! fields that any of them may have, and expanded into a struct of all these fields and a `match` over the type.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Attribute, Data, DeriveInput, Error, Fields, Generics, Ident, LitStr, Result, Type};

/// An enum of frames.
struct Frames {
    ident: Ident,
    generics: Generics,
    variants: Vec<Variant>,
}

/// One frame.
struct Variant {
    ident: Ident,
    /// Its `type`.
    tag: String,
    fields: Vec<Field>,
}

/// One field of a frame.
#[derive(Clone)]
struct Field {
    ident: Ident,
    /// Its type; of an `Option<T>`, `T`.
    ty: Type,
    presence: Presence,
}

/// The meaning of a missing field.
#[derive(Clone, Copy)]
enum Presence {
    Required,
    /// `None`.
    Optional,
    /// The default of its type.
    Default,
}

/// Expands the derive.
pub(crate) fn derive(input: TokenStream) -> TokenStream {
    let frames = syn::parse2::<DeriveInput>(input).and_then(Frames::parse);
    frames.map_or_else(Error::into_compile_error, |frames| frames.expand())
}

impl Frames {
    fn parse(input: DeriveInput) -> Result<Self> {
        let Data::Enum(data) = input.data else {
            return Err(Error::new_spanned(input.ident, "`Frame` can be derived for an enum"));
        };
        let rename = rename_all(&input.attrs)?;
        let variants = data.variants.into_iter().map(|variant| Variant::parse(variant, &rename));
        Ok(Self { ident: input.ident, generics: input.generics, variants: variants.collect::<Result<_>>()? })
    }

    /// Returns the fields of all variants, each once. A name that has different types is read as raw JSON first.
    fn all_fields(&self) -> Vec<(Field, bool)> {
        let mut all: Vec<(Field, bool)> = Vec::new();
        for field in self.variants.iter().flat_map(|variant| &variant.fields) {
            match all.iter_mut().find(|(known, _)| known.ident == field.ident) {
                Some((known, is_raw)) => *is_raw |= text(&known.ty) != text(&field.ty),
                None => all.push((field.clone(), false)),
            }
        }
        all
    }

    fn expand(&self) -> TokenStream {
        let (fields, reading) = (self.fields_struct(), self.reading());
        let (ident, params) = (&self.ident, self.generics.type_params().map(|param| &param.ident));
        let mut generics = self.generics.clone();
        let bounds = params.map(|param| quote!(#param: ::party::__private::DeserializeOwned));
        let bounds: Vec<syn::WherePredicate> = bounds.map(|bound| syn::parse_quote!(#bound)).collect();
        generics.make_where_clause().predicates.extend(bounds);
        let (impl_generics, type_generics, where_clause) = generics.split_for_impl();
        let params = self.generics.type_params().map(|param| &param.ident);
        quote! {
            const _: () = {
                #fields

                #[automatically_derived]
                impl #impl_generics ::party::FromFrame for #ident #type_generics #where_clause {
                    type Fields<'frame> = AllFields<'frame, #(#params),*>;

                    #reading
                }
            };
        }
    }

    /// Returns the struct of all fields.
    fn fields_struct(&self) -> TokenStream {
        let params: Vec<_> = self.generics.type_params().map(|param| &param.ident).collect();
        let bound: Vec<_> =
            params.iter().map(|param| format!("{param}: ::party::__private::DeserializeOwned")).collect();
        let bound = bound.join(", ");
        let fields = self.all_fields().into_iter().map(|(Field { ident, ty, .. }, is_raw)| match is_raw {
            true => {
                quote!(#[serde(borrow)] #ident: ::core::option::Option<&'frame ::party::__private::RawValue>)
            }
            false => quote!(#[serde(default)] #ident: ::core::option::Option<#ty>),
        });
        quote! {
            #[derive(::party::__private::serde::Deserialize)]
            #[serde(crate = "::party::__private::serde", bound(deserialize = #bound), expecting = "a frame")]
            #[doc(hidden)]
            #[expect(missing_debug_implementations, reason = "nobody sees it")]
            pub struct AllFields<'frame, #(#params),*> {
                #[serde(rename = "type", borrow)]
                frame_type: ::std::borrow::Cow<'frame, str>,
                #(#fields,)*
                #[serde(skip)]
                _params: ::core::marker::PhantomData<fn() -> (#(#params,)*)>,
            }
        }
    }

    /// Returns how the fields become a frame.
    fn reading(&self) -> TokenStream {
        let all = self.all_fields();
        let is_raw = |field: &Field| all.iter().any(|(known, is_raw)| known.ident == field.ident && *is_raw);
        let arms = self.variants.iter().map(|Variant { ident, tag, fields }| {
            let fields = fields.iter().map(|field| field.reading(is_raw(field)));
            quote!(#tag => (|| ::core::result::Result::Ok(Self::#ident { #(#fields),* }))())
        });
        let has_id =
            all.iter().any(|(field, is_raw)| field.ident == "id" && !is_raw && text(&field.ty) == "String");
        let id = if has_id { quote!(fields.id.clone()) } else { quote!(::core::option::Option::None) };
        quote! {
            fn from_fields(fields: Self::Fields<'_>) -> ::party::Result<Self> {
                let id: ::core::option::Option<::std::string::String> = #id;
                let read: ::party::Result<Self> = match &*fields.frame_type {
                    #(#arms,)*
                    _ => ::core::result::Result::Err(::party::__private::unknown_frame_type()),
                };
                read.map_err(|error| ::party::__private::naming(error, id))
            }
        }
    }
}

impl Variant {
    fn parse(variant: syn::Variant, rename: &str) -> Result<Self> {
        let fields = match variant.fields {
            Fields::Named(fields) => fields.named.into_iter().map(Field::parse).collect::<Result<_>>()?,
            Fields::Unit => Vec::new(),
            Fields::Unnamed(fields) => {
                return Err(Error::new_spanned(fields, "the fields of a frame have names"));
            }
        };
        Ok(Self { tag: renamed(&variant.ident.to_string(), rename), ident: variant.ident, fields })
    }
}

impl Field {
    fn parse(field: syn::Field) -> Result<Self> {
        let ident = field
            .ident
            .clone()
            .ok_or_else(|| Error::new_spanned(&field, "the fields of a frame have names"))?;
        let mut presence = Presence::Required;
        for attribute in field.attrs.iter().filter(|attribute| attribute.path().is_ident("serde")) {
            attribute.parse_nested_meta(|meta| {
                if meta.path.is_ident("default") {
                    presence = Presence::Default;
                }
                // The value of any other option, which is serde's.
                let _value = meta.value().and_then(|value| value.parse::<syn::Expr>());
                Ok(())
            })?;
        }
        match inner_of_option(&field.ty) {
            Some(inner) => Ok(Self { ident, ty: inner.clone(), presence: Presence::Optional }),
            None => Ok(Self { ident, ty: field.ty, presence }),
        }
    }

    /// Returns `name: value` for the struct of all fields.
    fn reading(&self, is_raw: bool) -> TokenStream {
        let Self { ident, ty, presence } = self;
        let name = ident.to_string();
        let read = match is_raw {
            true => quote!(::party::__private::read_raw::<#ty>(fields.#ident, #name)?),
            false => quote!(fields.#ident),
        };
        match presence {
            Presence::Required => quote!(#ident: ::party::__private::required(#read, #name)?),
            Presence::Optional => quote!(#ident: #read),
            Presence::Default => quote!(#ident: #read.unwrap_or_default()),
        }
    }
}

/// Returns the `rename_all` of serde, which writes the same enum; `snake_case` without one.
fn rename_all(attributes: &[Attribute]) -> Result<String> {
    let mut rename = "snake_case".to_owned();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("serde")) {
        attribute.parse_nested_meta(|meta| {
            if meta.path.is_ident("rename_all") {
                let value: LitStr = meta.value()?.parse()?;
                if !["lowercase", "snake_case", "camelCase", "kebab-case"].contains(&value.value().as_str()) {
                    return Err(Error::new_spanned(
                        value,
                        "`Frame` knows lowercase, snake_case, camelCase and kebab-case",
                    ));
                }
                rename = value.value();
                return Ok(());
            }
            let _value = meta.value().and_then(|value| value.parse::<syn::Expr>());
            Ok(())
        })?;
    }
    Ok(rename)
}

/// Returns the name of a variant as a `type`.
fn renamed(name: &str, rename: &str) -> String {
    let separator = match rename {
        "snake_case" => "_",
        "kebab-case" => "-",
        _ => "",
    };
    let mut tag = String::new();
    for (place, character) in name.chars().enumerate() {
        let is_start = character.is_uppercase();
        if is_start && place > 0 {
            tag.push_str(separator);
        }
        match rename == "camelCase" && place > 0 {
            true => tag.push(character),
            false => tag.extend(character.to_lowercase()),
        }
    }
    tag
}

/// Returns the `T` of `Option<T>`.
fn inner_of_option(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last().filter(|segment| segment.ident == "Option")?;
    let syn::PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    match arguments.args.first()? {
        syn::GenericArgument::Type(inner) => Some(inner),
        _ => None,
    }
}

fn text(ty: &Type) -> String {
    ty.to_token_stream().to_string()
}

#[cfg(test)]
mod tests;
