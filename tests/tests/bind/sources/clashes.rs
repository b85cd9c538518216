use kfp_sdk::prelude::*;

#[derive(Param, Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    #[kfp(rename = "x")]
    X,
    #[kfp(rename = "y")]
    Y,
}

#[derive(Param, Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClashesState {
    #[kfp(rename = "on")]
    On,
    #[kfp(rename = "off")]
    Off,
}

#[derive(Param, Debug, Clone, Copy, PartialEq, Eq)]
pub enum Other {
    A,
    B,
}

/// What `clashes` returns.
#[derive(Outputs)]
pub struct ClashesResult {
    pub state: ClashesState,
    pub other: Other,
}

#[component(python = "tests/bind/sources/returns.py")]
pub fn clashes(
    mode: Mode,
    state: ClashesState,
    clashes: String,
) -> ClashesResult;
