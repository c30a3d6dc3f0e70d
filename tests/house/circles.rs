//! Files that use each other in a circle cannot be read one after the other.

use std::collections::{BTreeMap, BTreeSet};

use super::modules::{House, Names};

/// Two or three files that know each other can still be read as one.
const LONGEST: usize = 3;

/// The circles that are too long.
pub(crate) fn long(house: &House) -> Vec<Vec<Names>> {
    let mut circles = circles(house);
    circles.retain(|circle| circle.len() > LONGEST);
    circles
}

/// Every set of files in which each leads to each other one (Tarjan's strongly connected components).
fn circles(house: &House) -> Vec<Vec<Names>> {
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
    circles: Vec<Vec<Names>>,
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
                self.circles.push(circle.into_iter().cloned().collect());
            }
        }
    }
}
