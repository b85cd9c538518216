//! The diagnostic codes, each with a title and an explanation. There is one file of codes per stage.

mod code;
mod expression;
mod graph;
mod lint;
mod lowering;
mod names;
mod policy;
mod read;
mod references;
mod run;
mod table;
mod types;
mod workflow;

pub use code::Code;
pub use expression::*;
pub use graph::*;
pub use lint::*;
pub use lowering::*;
pub use names::*;
pub use policy::*;
pub use read::*;
pub use references::*;
pub use run::*;
pub use table::explain;
pub use types::*;
pub use workflow::*;
