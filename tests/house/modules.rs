//! Which file of `src/` uses which: read from its paths, by the parser of Rust's own macros.
//!
//! What a module hands on with `pub use` is used from the file where it stands; the handing on itself
//! counts as no use, and neither does `part::f()` in the file that declares `mod part`. Code under `#[cfg(test)]` is left out.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use syn::visit::{self, Visit};
use syn::{Attribute, Item, ItemMod, ItemUse, UseTree, Visibility};

/// A path of names from the root of the crate: `["bitbucket", "client"]`.
pub(crate) type Names = Vec<String>;

/// All modules, and what each of them uses.
pub(crate) struct House {
    modules: BTreeMap<Names, Module>,
}

struct Module {
    file: PathBuf,
    /// Paths that it names, from the root; the last names may be items.
    paths: BTreeSet<Names>,
    /// What it hands on: the name here, and the path from the root.
    handed_on: BTreeMap<String, Names>,
    /// Everything of these modules is handed on.
    globs: Vec<Names>,
}

impl House {
    /// Reads all files below `src`.
    pub(crate) fn read(src: &Path) -> Self {
        let mut modules = BTreeMap::new();
        let mut folders = vec![src.to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|end| end == "rs") {
                    let names = names_of(src, &path);
                    modules.insert(names.clone(), Module::read(path, names));
                }
            }
        }
        let tests: Vec<Names> = modules
            .keys()
            .filter(|names| names.last().is_some_and(|name| name == "tests"))
            .cloned()
            .collect();
        for names in tests {
            modules.remove(&names);
        }
        Self { modules }
    }

    /// The file of each module.
    pub(crate) fn files(&self) -> impl Iterator<Item = &Path> {
        self.modules.values().map(|module| module.file.as_path())
    }

    /// Which module uses which other, by their files.
    pub(crate) fn uses(&self) -> BTreeMap<Names, BTreeSet<Names>> {
        let mut uses = BTreeMap::new();
        for (names, module) in &self.modules {
            let used = module.paths.iter().filter_map(|path| self.home(path));
            let used: BTreeSet<Names> = used.filter(|used| used != names).collect();
            uses.insert(names.clone(), used);
        }
        uses
    }

    /// The paths inside this crate that a module names.
    pub(crate) fn paths(&self, names: &Names) -> impl Iterator<Item = &Names> {
        let paths = self.modules[names].paths.iter();
        paths.filter(|path| path.first().is_some_and(|first| first != "::"))
    }

    /// The names of other crates that a module uses.
    pub(crate) fn names_crate(&self, names: &Names, name: &str) -> bool {
        let module = &self.modules[names];
        module.paths.iter().any(|path| {
            path.first().is_some_and(|first| first == "::")
                && path.get(1).is_some_and(|it| it == name)
        })
    }

    /// The module in whose file something stands.
    fn home(&self, path: &[String]) -> Option<Names> {
        if path.first().is_some_and(|first| first == "::") {
            return None;
        }
        let mut path = path.to_vec();
        // More steps than any chain of `pub use` has.
        for _ in 0..8 {
            let known = (0..=path.len())
                .rev()
                .find(|&length| self.modules.contains_key(&path[..length]))?;
            let module = &self.modules[&path[..known]];
            let Some(item) = path.get(known) else {
                return Some(path[..known].to_vec());
            };
            let next = module.handed_on.get(item).cloned().or_else(|| {
                let mut globs = module.globs.iter();
                globs.find_map(|glob| {
                    let mut there = glob.clone();
                    there.push(item.clone());
                    let inner = self.modules.get(glob)?;
                    inner.handed_on.contains_key(item).then_some(there)
                })
            });
            match next {
                Some(mut to) => {
                    to.extend(path[known + 1..].iter().cloned());
                    path = to;
                }
                None => return Some(path[..known].to_vec()),
            }
        }
        None
    }
}

/// `src/bitbucket/client.rs` is `["bitbucket", "client"]`, `src/lib.rs` is `[]`.
fn names_of(src: &Path, file: &Path) -> Names {
    let inside = file.strip_prefix(src).unwrap().with_extension("");
    let mut names: Names = inside
        .iter()
        .map(|name| name.to_str().unwrap().to_owned())
        .collect();
    if names == ["lib"] {
        names.clear();
    }
    names
}

impl Module {
    fn read(file: PathBuf, names: Names) -> Self {
        let syntax = syn::parse_file(&fs::read_to_string(&file).unwrap()).unwrap();
        let declared = syntax.items.iter().filter_map(|item| match item {
            Item::Mod(item) => Some(item.ident.to_string()),
            _ => None,
        });
        let mut reader = Reader {
            file: names.clone(),
            declared: declared.collect(),
            here: names,
            module: Self {
                file,
                paths: BTreeSet::new(),
                handed_on: BTreeMap::new(),
                globs: Vec::new(),
            },
        };
        reader.visit_file(&syntax);
        reader.module
    }
}

struct Reader {
    file: Names,
    /// The modules that the file declares: their names may begin a path.
    declared: BTreeSet<String>,
    here: Names,
    module: Module,
}

impl Reader {
    /// A path from the root of the crate; `::` in front of one that leads to another crate.
    fn absolute(&self, path: &[String]) -> Option<Names> {
        let mut at = self.here.clone();
        let mut rest = path;
        match rest.first()?.as_str() {
            "crate" | "bbtoken" => {
                at.clear();
                rest = &rest[1..];
            }
            "self" => rest = &rest[1..],
            "super" => {
                while rest.first().is_some_and(|name| name == "super") {
                    at.pop();
                    rest = &rest[1..];
                }
            }
            name if self.declared.contains(name) && self.here == self.file => {}
            _ => {
                let mut outside = vec!["::".to_owned()];
                outside.extend(path.iter().cloned());
                return Some(outside);
            }
        }
        at.extend(rest.iter().cloned());
        Some(at)
    }

    fn take_tree(&mut self, tree: &UseTree, before: &[String], is_handed_on: bool) {
        let with = |name: String| {
            let mut path = before.to_vec();
            path.push(name);
            path
        };
        let (path, name) = match tree {
            UseTree::Path(inner) => {
                let path = with(inner.ident.to_string());
                return self.take_tree(&inner.tree, &path, is_handed_on);
            }
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.take_tree(tree, before, is_handed_on);
                }
                return;
            }
            UseTree::Glob(_) => {
                if let Some(path) = self.absolute(before) {
                    if is_handed_on {
                        self.module.globs.push(path);
                    } else {
                        self.module.paths.insert(path);
                    }
                }
                return;
            }
            UseTree::Name(name) if name.ident == "self" => {
                let name = before.last().cloned().unwrap_or_default();
                (before.to_vec(), name)
            }
            UseTree::Name(name) => {
                let name = name.ident.to_string();
                (with(name.clone()), name)
            }
            UseTree::Rename(rename) => (with(rename.ident.to_string()), rename.rename.to_string()),
        };
        if let Some(path) = self.absolute(&path) {
            if is_handed_on && path.first().is_some_and(|first| first != "::") {
                self.module.handed_on.insert(name, path);
            } else {
                self.module.paths.insert(path);
            }
        }
    }
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_item(&mut self, item: &'ast Item) {
        let attributes = match item {
            Item::Mod(item) => &item.attrs,
            Item::Fn(item) => &item.attrs,
            Item::Use(item) => &item.attrs,
            Item::Impl(item) => &item.attrs,
            _ => return visit::visit_item(self, item),
        };
        if !attributes.iter().any(is_test) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        // Only modules inside a file are read here: others have files of their own.
        if module.content.is_some() {
            self.here.push(module.ident.to_string());
            visit::visit_item_mod(self, module);
            self.here.pop();
        }
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        let is_handed_on = !matches!(item.vis, Visibility::Inherited);
        self.take_tree(&item.tree, &[], is_handed_on);
    }

    /// `pub(in crate::bitbucket)` says who may use something, and uses nothing.
    fn visit_visibility(&mut self, _: &'ast Visibility) {}

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names: Names = path
            .segments
            .iter()
            .map(|segment| segment.ident.to_string())
            .collect();
        if names.len() > 1
            && matches!(names[0].as_str(), "crate" | "super")
            && let Some(path) = self.absolute(&names)
        {
            self.module.paths.insert(path);
        }
        visit::visit_path(self, path);
    }
}

fn is_test(attribute: &Attribute) -> bool {
    attribute.path().is_ident("cfg")
        && attribute
            .parse_args::<syn::Path>()
            .is_ok_and(|path| path.is_ident("test"))
}
