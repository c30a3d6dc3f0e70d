//! Files that use each other in a circle cannot be read one after the other.

use std::collections::{BTreeMap, BTreeSet};

use super::modules::{House, Names};

/// Two or three files that know each other can still be read as one.
pub(crate) const LONGEST: usize = 3;

/// Circles that are longer, by one of their files, with the reason. May only shrink.
const KNOWN: &[(&str, &str)] = &[];

/// Whether a circle is one of those that are known.
pub(crate) fn is_known(circle: &[String]) -> bool {
    KNOWN
        .iter()
        .any(|(file, _)| circle.iter().any(|name| name == file))
}

/// Every set of files in which each leads to each other one (Tarjan's strongly connected components).
pub(crate) fn circles(house: &House) -> Vec<Vec<String>> {
    let uses = house.uses();
    let mut search = Search {
        uses: &uses,
        numbers: BTreeMap::new(),
        lowest: BTreeMap::new(),
        path: Vec::new(),
        circles: Vec::new(),
    };
    for names in uses.keys() {
        if !search.numbers.contains_key(names) {
            search.visit(names);
        }
    }
    search.circles
}

struct Search<'a> {
    uses: &'a BTreeMap<Names, BTreeSet<Names>>,
    numbers: BTreeMap<&'a Names, usize>,
    lowest: BTreeMap<&'a Names, usize>,
    path: Vec<&'a Names>,
    circles: Vec<Vec<String>>,
}

impl<'a> Search<'a> {
    fn visit(&mut self, names: &'a Names) {
        let number = self.numbers.len();
        self.numbers.insert(names, number);
        self.lowest.insert(names, number);
        self.path.push(names);
        for used in &self.uses[names] {
            if !self.numbers.contains_key(used) {
                self.visit(used);
                let lowest = self.lowest[names].min(self.lowest[used]);
                self.lowest.insert(names, lowest);
            } else if self.path.contains(&used) {
                let lowest = self.lowest[names].min(self.numbers[used]);
                self.lowest.insert(names, lowest);
            }
        }
        if self.lowest[names] == number {
            let start = self.path.iter().position(|it| *it == names).unwrap();
            let circle = self.path.split_off(start);
            if circle.len() > 1 {
                self.circles
                    .push(circle.iter().map(|names| names.join("::")).collect());
            }
        }
    }
}
