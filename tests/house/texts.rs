//! Every text that a user sees, read from the source: string literals and format strings, `--help`
//! (clap's doc comments) and the texts in `assets/`.
//!
//! `cargo test --test house texts -- --nocapture` prints them all, to be read in one go.
//!
//! Left out are tests, logging, documentation of the code, the simulated server, and what is no language:
//! paths, keys of JSON, header names.

use std::fs;
use std::path::{Path, PathBuf};

use syn::buffer::{Cursor, TokenBuffer};
use syn::visit::{self, Visit};
use syn::{Attribute, Expr, Field, ImplItemFn, Item, Lit, LitStr, Macro, Meta, Variant};

/// Files whose strings nobody reads on a screen: the simulated server, and the log that `--log` asks for.
const NOT_SHOWN: &[&str] = &["simulator", "logging"];

/// Macros whose strings go to the log, or to whoever reads a failed test.
const LOGS: &[&str] = &[
    "debug",
    "error",
    "info",
    "trace",
    "warn",
    "span",
    "debug_span",
];

/// A text, and where it stands.
pub(crate) struct Text {
    pub(crate) file: String,
    pub(crate) line: usize,
    pub(crate) words: String,
}

/// All of them, file by file, to be read.
pub(crate) fn printed(texts: &[Text]) -> String {
    let mut printed = String::new();
    let mut file = "";
    for text in texts {
        if text.file != file {
            file = &text.file;
            printed.push_str(&format!("\n{file}\n"));
        }
        let words = text.words.replace('\n', "\n      ");
        printed.push_str(&format!("{:>4}  {words}\n", text.line));
    }
    printed
}

/// All texts, in the order of the files.
pub(crate) fn all() -> Vec<Text> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut texts = Vec::new();
    let mut files = Vec::new();
    collect(&root.join("src"), "rs", &mut files);
    collect(&root.join("assets"), "toml", &mut files);
    files.sort();
    for file in files {
        let name = file.strip_prefix(root).unwrap().to_str().unwrap();
        let name = name.replace('\\', "/");
        let source = fs::read_to_string(&file).unwrap();
        if name.ends_with(".toml") {
            texts.extend(lines(&name, &source));
        } else if is_shown(&name) {
            let syntax = syn::parse_file(&source).unwrap();
            let mut reader = Reader {
                file: name,
                source: &source,
                at: 0,
                is_help: false,
                texts: Vec::new(),
            };
            reader.visit_file(&syntax);
            texts.extend(reader.texts);
        }
    }
    texts
}

fn is_shown(name: &str) -> bool {
    let inside = name.trim_start_matches("src/").trim_end_matches(".rs");
    let first = inside.split('/').next().unwrap();
    !NOT_SHOWN.contains(&first) && !inside.ends_with("/tests")
}

fn collect(folder: &Path, end: &str, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, end, into);
        } else if path.extension().is_some_and(|it| it == end) {
            into.push(path);
        }
    }
}

/// A file of settings: what stands in it is read as it is, comments too.
fn lines(name: &str, source: &str) -> impl Iterator<Item = Text> {
    let lines = source.lines().enumerate();
    let spoken = lines.filter(|(_, line)| line.trim().contains(' '));
    spoken.map(move |(number, line)| Text {
        file: name.to_owned(),
        line: number + 1,
        words: line.to_owned(),
    })
}

struct Reader<'a> {
    file: String,
    source: &'a str,
    /// How far the source has been read: a literal is found behind the one before it.
    at: usize,
    /// The type that is read is clap's: its documentation is `--help`.
    is_help: bool,
    texts: Vec<Text>,
}

impl Reader<'_> {
    /// Takes a literal in, given as it stands in the source.
    fn take(&mut self, literal: &str) {
        let found = self.source[self.at..].find(literal);
        let start = found.map(|offset| self.at + offset);
        let start = start
            .or_else(|| self.source.find(literal))
            .unwrap_or_default();
        self.at = start + literal.len();
        if let Ok(Lit::Str(text)) = syn::parse_str::<Lit>(literal) {
            self.take_words(text.value(), start);
        }
    }

    fn take_words(&mut self, words: String, start: usize) {
        if is_language(&words) {
            self.texts.push(Text {
                file: self.file.clone(),
                line: self.source[..start].lines().count().max(1),
                words,
            });
        }
    }

    fn take_tokens(&mut self, mut cursor: Cursor<'_>) {
        while !cursor.eof() {
            if let Some((literal, next)) = cursor.literal() {
                self.take(&literal.to_string());
                cursor = next;
            } else if let Some((inside, _, _, next)) = cursor.any_group() {
                self.take_tokens(inside);
                cursor = next;
            } else if let Some((_, next)) = cursor.token_tree() {
                cursor = next;
            } else {
                break;
            }
        }
    }

    /// What clap shows: doc comments, and the strings in its attributes.
    fn take_help(&mut self, attributes: &[Attribute]) {
        let mut lines = Vec::new();
        for attribute in attributes {
            if let Meta::NameValue(meta) = &attribute.meta
                && attribute.path().is_ident("doc")
                && let Expr::Lit(literal) = &meta.value
                && let Lit::Str(line) = &literal.lit
            {
                lines.push(line.value());
            }
        }
        let Some(first) = lines.first() else { return };
        let start = self.source[self.at..].find(first.as_str());
        let start = self.at + start.unwrap_or_default();
        let lines: Vec<_> = lines.iter().map(|line| line.trim()).collect();
        self.take_words(lines.join(" "), start);
    }

    /// Strings that an attribute shows: clap's, and those of error types.
    fn take_attribute(&mut self, attribute: &Attribute) {
        let shows = ["arg", "command", "value", "error"];
        if !shows.iter().any(|name| attribute.path().is_ident(name)) {
            return;
        }
        if let Meta::List(list) = &attribute.meta {
            self.take_tokens(TokenBuffer::new2(list.tokens.clone()).begin());
        }
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        let attributes = match item {
            Item::Mod(item) => &item.attrs,
            Item::Fn(item) => &item.attrs,
            Item::Impl(item) => &item.attrs,
            Item::Struct(item) => &item.attrs,
            Item::Enum(item) => &item.attrs,
            Item::Const(item) => &item.attrs,
            _ => return visit::visit_item(self, item),
        };
        if attributes.iter().any(is_test) {
            return;
        }
        let is_help = attributes.iter().any(is_clap);
        if is_help {
            self.take_help(attributes);
        }
        let before = std::mem::replace(&mut self.is_help, is_help);
        visit::visit_item(self, item);
        self.is_help = before;
    }

    fn visit_field(&mut self, field: &'ast Field) {
        if self.is_help {
            self.take_help(&field.attrs);
        }
        visit::visit_field(self, field);
    }

    fn visit_variant(&mut self, variant: &'ast Variant) {
        if self.is_help {
            self.take_help(&variant.attrs);
        }
        visit::visit_variant(self, variant);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast ImplItemFn) {
        if !function.attrs.iter().any(is_test) {
            visit::visit_impl_item_fn(self, function);
        }
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        self.take_attribute(attribute);
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        let name = call.path.segments.last().unwrap().ident.to_string();
        if !LOGS.contains(&name.as_str()) {
            self.take_tokens(TokenBuffer::new2(call.tokens.clone()).begin());
        }
    }

    fn visit_lit_str(&mut self, text: &'ast LitStr) {
        self.take(&text.token().to_string());
    }
}

fn is_test(attribute: &Attribute) -> bool {
    let is_cfg = attribute.path().is_ident("cfg");
    attribute.path().is_ident("test")
        || is_cfg
            && attribute
                .parse_args::<syn::Path>()
                .is_ok_and(|path| path.is_ident("test"))
}

/// Whether clap reads this type's documentation.
fn is_clap(attribute: &Attribute) -> bool {
    let Meta::List(list) = &attribute.meta else {
        return false;
    };
    let derived = list.tokens.to_string();
    let clap = ["Parser", "Args", "Subcommand", "ValueEnum"];
    attribute.path().is_ident("derive") && clap.iter().any(|name| derived.contains(name))
}

/// Several words, or one that stands alone on a screen. Names of things that machines read have other
/// signs in them.
fn is_language(words: &str) -> bool {
    let letters = words.chars().filter(|it| it.is_alphabetic()).count();
    let is_name =
        |it: char| !(it.is_alphabetic() || matches!(it, '…' | '.' | ',' | ':' | '?' | '!' | '\''));
    letters > 1 && (words.trim().contains(' ') || !words.chars().any(is_name))
}
