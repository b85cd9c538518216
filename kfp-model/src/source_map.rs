//! The source map of a document: the locations in Rust source that created its nodes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize, Serializer};

use crate::{Location, Place};

/// The locations of the nodes of a document.
///
/// A document contains them as a table, because many nodes share a location:
///
/// ```
/// use kfp_model::{Location, Locations, Place};
///
/// let mut locations = Locations::default();
/// for task in 0..2 {
///     let location = Location { file: "src/words.rs".to_owned(), line: 12, column: 7 };
///     locations.insert(Place::root().key("tasks").index(task), location);
/// }
/// let json = serde_json::to_string(&locations)?;
/// assert_eq!(json, r#"{"files":["src/words.rs"],"positions":[[0,12,7]],"nodes":{"/tasks/0":0,"/tasks/1":0}}"#);
/// assert_eq!(serde_json::from_str::<Locations>(&json)?, locations);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(try_from = "SourceMap")]
pub struct Locations(BTreeMap<Place, Location>);

/// The locations in Rust source that created the nodes of a document.
#[derive(Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct SourceMap {
    /// The paths of the source files as rustc reports them, usually relative to the root of the workspace.
    files: Vec<String>,
    /// The positions, each `[file, line, column]`: an index into `files`, then line and column, counted from 1.
    positions: Vec<(usize, u32, u32)>,
    /// The index into `positions` of each node, by its JSON pointer.
    nodes: BTreeMap<Place, usize>,
}

/// The serialized form of the locations.
#[derive(Serialize)]
struct Table<'a> {
    files: Vec<&'a str>,
    positions: Vec<(usize, u32, u32)>,
    nodes: BTreeMap<&'a Place, usize>,
}

impl Locations {
    /// Records the location of a node.
    pub fn insert(&mut self, place: Place, location: Location) {
        self.0.insert(place, location);
    }

    /// Returns the location of the node, if it is known.
    pub fn get(&self, place: &Place) -> Option<&Location> {
        self.0.get(place)
    }

    /// Returns the location of the node, or else of its closest ancestor that has one.
    pub fn nearest(&self, place: &Place) -> Option<&Location> {
        let mut place = Some(place.clone());
        while let Some(current) = place {
            if let Some(location) = self.0.get(&current) {
                return Some(location);
            }
            place = current.parent();
        }
        None
    }

    /// Whether there are no locations.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Extend<(Place, Location)> for Locations {
    fn extend<I: IntoIterator<Item = (Place, Location)>>(&mut self, entries: I) {
        self.0.extend(entries);
    }
}

impl Serialize for Locations {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Table::of(self).serialize(serializer)
    }
}

impl<'a> Table<'a> {
    fn of(locations: &'a Locations) -> Self {
        let mut table = Self { files: Vec::new(), positions: Vec::new(), nodes: BTreeMap::new() };
        let mut files = BTreeMap::new();
        let mut positions = BTreeMap::new();
        for (place, Location { file, line, column }) in &locations.0 {
            let file = *files.entry(file).or_insert_with(|| push(&mut table.files, file));
            let position = (file, *line, *column);
            let position = *positions.entry(position).or_insert_with(|| push(&mut table.positions, position));
            table.nodes.insert(place, position);
        }
        table
    }
}

/// Adds the item and returns its index.
fn push<T>(items: &mut Vec<T>, item: T) -> usize {
    items.push(item);
    items.len() - 1
}

impl TryFrom<SourceMap> for Locations {
    type Error = String;

    fn try_from(map: SourceMap) -> Result<Self, String> {
        let location = |position: usize| -> Result<Location, String> {
            let &(file, line, column) = at(&map.positions, position, "positions")?;
            Ok(Location { file: at(&map.files, file, "files")?.clone(), line, column })
        };
        let locations = map.nodes.into_iter().map(|(place, position)| Ok((place, location(position)?)));
        locations.collect::<Result<_, String>>().map(Self)
    }
}

fn at<'a, T>(items: &'a [T], index: usize, name: &str) -> Result<&'a T, String> {
    items.get(index).ok_or_else(|| format!("invalid index {index}: `{name}` has {} items", items.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_location_is_that_of_an_ancestor() {
        let task = Place::root().key("pipelines").index(0).key("tasks").index(3);
        let location = Location { file: "a.rs".to_owned(), line: 4, column: 2 };
        let mut locations = Locations::default();
        locations.insert(task.clone(), location.clone());
        assert_eq!(locations.nearest(&task.key("kind").key("a/b")), Some(&location));
        assert_eq!(locations.nearest(&Place::root().key("pipelines")), None);
    }

    #[test]
    fn invalid_indices_are_rejected() {
        for (text, expected) in [
            (
                r#"{"files": [], "positions": [], "nodes": {"": 0}}"#,
                "invalid index 0: `positions` has 0 items",
            ),
            (
                r#"{"files": ["a"], "positions": [[1, 1, 1]], "nodes": {"": 0}}"#,
                "invalid index 1: `files` has 1 items",
            ),
        ] {
            assert_eq!(serde_json::from_str::<Locations>(text).unwrap_err().to_string(), expected);
        }
    }
}
