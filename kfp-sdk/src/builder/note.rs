//! Notes about settings: where each was made, and the mistake in it.

use std::panic::Location;

use kfp_model::Place;

use super::mistake::Mistake;

/// The location where a setting was made, and its mistake.
#[derive(Debug, Clone)]
pub(super) struct Note {
    /// The setting, as the keys from the policy to it, separated by `/`.
    path: &'static str,
    pub(super) location: &'static Location<'static>,
    pub(super) mistake: Option<Mistake>,
}

impl Note {
    /// Returns a note about a setting that the caller makes.
    #[track_caller]
    pub(super) fn new(path: &'static str, mistake: Option<Mistake>) -> Self {
        Self::at(path, mistake, Location::caller())
    }

    /// Returns a note about a setting that is made at the location.
    pub(super) fn at(
        path: &'static str,
        mistake: Option<Mistake>,
        location: &'static Location<'static>,
    ) -> Self {
        Self { path, location, mistake }
    }

    /// Returns a note about a mistake that the caller makes.
    #[track_caller]
    pub(super) fn mistake(path: &'static str, mistake: Mistake) -> Self {
        Self::new(path, Some(mistake))
    }

    /// Returns the place of the setting in the policy at `policy`.
    pub(super) fn place(&self, policy: &Place) -> Place {
        self.path.split('/').fold(policy.clone(), |place, key| place.key(key))
    }
}
