//! Tests of the SDK from outside, with the macros, as code of users sees it.

mod components;
mod training;
