//! Reused results: the keys of results, and the way from a key to its result.
//!
//! A job with a key uses the result that is cached under it. If there is none, it claims the key and computes the
//! result; a job whose key is already claimed waits. Files are read and moved on separate threads.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use kfp_compiler::digest::{sha256_hex, step_digest};
use kfp_digest::Limit;
use kfp_model::{Cache, Component, Implementation, Policy, Task, Type, value};
use serde_json::{Value, json};

use super::Message;
use super::dispatcher::Dispatcher;
use super::ending::Ending;
use super::frame::{FrameId, Settled};
use super::job::{Job, JobStage};
use super::message::JobId;
use super::place::Place;
use super::worker::spawn_worker;
use crate::cache::{
    CacheKey, FinishedStep, KeyContext, Parts, RestoreError, StoredFiles, input_part, restore, short,
};
use crate::step::Layout;
use crate::store::{Cached, StoreError};
use crate::{Event, State, artifact};

/// The interval at which a job tries to claim a key that another run has claimed.
const CLAIM_INTERVAL: Duration = Duration::from_millis(50);

/// The attempt whose folder has the files of a cached result: attempts of a step are counted from 1.
const CACHED_ATTEMPT: u32 = 0;

impl<'r> Dispatcher<'r, '_> {
    /// Returns the key of the step's result, if the result may be reused.
    ///
    /// The key is the digest of a list: the digest of the step, the namespace, the epoch, the author's key, and each
    /// input in the order of their names, as its JSON text or, for an artifact, as its identity.
    pub(super) fn cache_key(
        &self,
        component: &Component,
        policy: &Policy,
        inputs: &BTreeMap<String, Value>,
    ) -> Option<CacheKey> {
        self.objects.as_ref()?;
        let Some(Cache::For { key, .. }) = &policy.cache else { return None };
        // A result that depends on a secret is not cached, as the key cannot depend on the secret.
        if component.inputs.values().any(|input| *input.r#type.present() == Type::Secret) {
            return None;
        }
        let mut list = vec![
            json!(self.step_digest(component, policy)),
            json!(self.setup.namespace),
            json!(self.setup.cache_epoch.to_string()),
            json!(key),
        ];
        let mut parts = self.key_parts(component, policy);
        for (name, value) in inputs {
            let is_artifact =
                component.inputs.get(name).is_some_and(|input| input.r#type.artifact().is_some());
            let identity = if is_artifact { artifact::identity(value)? } else { json!(value::encode(value)) };
            parts.insert(input_part(name), short(&identity).unwrap_or_else(|| "null".to_owned()));
            list.push(identity);
        }
        Some(CacheKey { digest: sha256_hex(value::encode(&Value::Array(list)).as_bytes()), parts })
    }

    /// Returns the parts of the key of a step without those of its inputs.
    pub(super) fn key_parts(&self, component: &Component, policy: &Policy) -> Parts {
        let key = match &policy.cache {
            Some(Cache::For { key, .. }) => key.as_deref(),
            Some(Cache::Off) | None => None,
        };
        let program = self.key_program(component);
        let (namespace, epoch) = (self.setup.namespace.as_str(), self.setup.cache_epoch);
        KeyContext { component, policy, program, namespace, epoch, key }.parts()
    }

    /// Returns the program that runs the step, with its digest or version: the pipeline binary or the Python
    /// interpreter.
    fn key_program(&self, component: &Component) -> Option<(&str, &str)> {
        match &component.implementation {
            Implementation::Rust(_) => self.setup.binary.as_ref().map(|binary| ("binary", binary.digest())),
            Implementation::Python(_) | Implementation::Notebook(_) => {
                self.setup.interpreter.as_ref().map(|python| ("interpreter", python.version()))
            }
            Implementation::Container(_) => None,
        }
    }

    /// Returns the digest of the step and of the program that runs it.
    fn step_digest(&self, component: &Component, policy: &Policy) -> String {
        let digest = step_digest(component, None, &policy.environment);
        match self.key_program(component) {
            Some((_, program)) => sha256_hex(format!("{digest} {program}").as_bytes()),
            None => digest,
        }
    }

    /// Reports that the result of a step cannot be cached because of inputs without a digest, although its policy
    /// sets a cache.
    pub(super) fn report_missing_digests(
        &mut self,
        place: &Place,
        component: &Component,
        policy: &Policy,
        inputs: &BTreeMap<String, Value>,
    ) {
        if self.objects.is_none() || policy.cache.is_none() {
            return;
        }
        for (name, value) in inputs {
            let is_artifact =
                component.inputs.get(name).is_some_and(|input| input.r#type.artifact().is_some());
            if is_artifact && artifact::identity(value).is_none() {
                let message = format!(
                    "the result is not cached: the artifact in its input `{name}` is outside the store and has no \
                     digest, because it exceeds the limit of {} bytes or cannot be read",
                    self.digest_limit().bytes
                );
                self.notice(place.clone(), message);
            }
        }
    }

    /// Warns about inputs that are file paths: the key covers the path, but not the content of the file.
    pub(super) fn warn_about_paths(
        &mut self,
        place: &Place,
        component: &Component,
        inputs: &BTreeMap<String, Value>,
    ) {
        for (name, value) in inputs {
            let is_string =
                component.inputs.get(name).is_some_and(|input| *input.r#type.present() == Type::String);
            if let (true, Some(file)) = (is_string, value.as_str().filter(|text| Path::new(text).is_file())) {
                let message = format!(
                    "the result is cached by the path `{file}` in its input `{name}`, not by the content of that \
                     file: import the file as an artifact, or include its digest in `cache_key`"
                );
                self.notice(place.clone(), message);
            }
        }
    }

    fn notice(&mut self, place: Place, message: String) {
        let Place { path, label } = place;
        (self.events)(Event::Notice { path, label, message });
    }

    /// Returns the cached result of the key, if it is fresh enough. Its files have not been verified.
    pub(super) fn look_up(&self, key: &str, policy: &Policy) -> Result<Option<Cached>, StoreError> {
        match &policy.cache {
            Some(Cache::For { max_age, .. }) if self.setup.read_cache => {
                self.store.cached(key, max_age.seconds())
            }
            _ => Ok(None),
        }
    }

    /// Returns whether the queued job has to compute its result. Otherwise, the result is restored, or the job waits
    /// for another one that computes it.
    pub(super) fn must_compute(&mut self, id: JobId) -> Result<bool, StoreError> {
        let Some(job) = self.jobs.get(&id) else { return Ok(false) };
        let (Some(key), Some(objects)) = (job.cache_key.clone(), self.objects.clone()) else {
            return Ok(true);
        };
        if !self.setup.read_cache || job.claim.is_some() {
            return Ok(true);
        }
        let policy = job.policy;
        if let Some(found) = self.look_up(&key.digest, policy)? {
            self.restore(id, found);
            return Ok(false);
        }
        // If claiming fails, for example because the disk is full, the result may be computed twice.
        let Ok(claim) = objects.claim(&key.digest) else { return Ok(true) };
        let is_ours = claim.is_some();
        if let Some(job) = self.jobs.get_mut(&id) {
            job.claim = claim;
        }
        if !is_ours {
            self.wait(id);
            return Ok(false);
        }
        // The previous holder of the claim may have stored a result.
        match self.look_up(&key.digest, policy)? {
            Some(found) => {
                self.restore(id, found);
                Ok(false)
            }
            None => Ok(true),
        }
    }

    fn wait(&mut self, id: JobId) {
        let until = self.setup.clock.now() + CLAIM_INTERVAL;
        let Some(job) = self.jobs.get_mut(&id) else { return };
        job.stage = JobStage::Waiting { until };
        if !std::mem::replace(&mut job.reported_wait, true) {
            let (frame, task) = (job.frame, job.task);
            self.notice(
                self.place(frame, task),
                "waiting for another step that computes the same result".to_owned(),
            );
        }
    }

    /// Verifies and restores the files of a result on a separate thread.
    fn restore(&mut self, id: JobId, found: Cached) {
        let Some(objects) = self.objects.clone() else { return };
        let Some(job) = self.jobs.get_mut(&id) else { return };
        let layout = Layout::new(self.store.folder(), self.run.as_str(), &job.path, CACHED_ATTEMPT);
        job.stage = JobStage::Restoring(found.clone());
        self.running += 1;
        let sender = self.sender.clone();
        spawn_worker(move || {
            let restored = restore(&objects, found.outputs, &found.files, &layout);
            // The receiver is gone if the run was abandoned.
            let _ = sender.send(Message::Restored(id, restored));
        });
    }

    /// Uses the restored result, or queues the job again if restoring failed.
    pub(super) fn restored(
        &mut self,
        id: JobId,
        restored: Result<BTreeMap<String, Value>, RestoreError>,
    ) -> Result<(), StoreError> {
        self.running -= 1;
        let Some(mut job) = self.jobs.remove(&id) else { return Ok(()) };
        let error = match restored {
            Ok(outputs) => {
                self.release_claim(&mut job);
                self.begin(job.frame, job.task, job.key(), &job.inputs)?;
                let settled = Settled::with(State::Cached, outputs);
                let ending = match job.stage {
                    JobStage::Restoring(found) => Ending::cached(found.run),
                    _ => Ending::default(),
                };
                return self.settle(job.frame, job.task, settled, ending);
            }
            Err(error) => error,
        };
        self.notice(self.place(job.frame, job.task), format!("ignored the cached result: {error}"));
        if let (JobStage::Restoring(found), Some(key), Some(objects)) = (&job.stage, job.key(), &self.objects)
        {
            objects.remove(&self.store.forget(key, found)?);
        }
        job.stage = JobStage::Queued;
        self.jobs.insert(id, job);
        self.queue.push_front(id);
        Ok(())
    }

    /// Stores the files of a result in the cache on a separate thread.
    pub(super) fn store_result(&mut self, id: JobId, mut job: Job<'r>, outputs: BTreeMap<String, Value>) {
        let Some(objects) = self.objects.clone() else { return };
        let is_rust = matches!(job.component.implementation, Implementation::Rust(_));
        let finished = FinishedStep {
            store: self.store.folder().to_owned(),
            component: job.component.clone(),
            inputs: job.inputs.clone(),
            outputs,
            binary: self.setup.binary.clone().filter(|_| is_rust),
        };
        let stop = Arc::new(AtomicBool::new(false));
        job.stage = JobStage::Storing { outputs: finished.outputs.clone(), stop: stop.clone() };
        self.jobs.insert(id, job);
        self.running += 1;
        let sender = self.sender.clone();
        spawn_worker(move || {
            let _ = sender.send(Message::Stored(id, finished.store_files(&objects, &stop)));
        });
    }

    /// Records the result for later runs, after its files have been stored.
    pub(super) fn result_stored(&mut self, id: JobId, stored: StoredFiles) -> Result<(), StoreError> {
        self.running -= 1;
        // The job is gone if the run was cancelled in the meantime.
        let Some(mut job) = self.jobs.remove(&id) else { return Ok(()) };
        let StoredFiles { outputs, files } = stored;
        let recorded =
            files.and_then(|files| self.keep(&job, &outputs, &files).map_err(|error| error.to_string()));
        if let Err(reason) = recorded {
            self.notice(self.place(job.frame, job.task), format!("the result is not cached: {reason}"));
        }
        self.release_claim(&mut job);
        let ending = self.ending(&job, None);
        self.settle(job.frame, job.task, Settled::with(State::Succeeded, outputs), ending)
    }

    /// Stops storing the result of the job, whose step has succeeded, because the run was cancelled.
    pub(super) fn stop_storing(&mut self, id: JobId) -> Result<(), StoreError> {
        let Some(mut job) = self.jobs.remove(&id) else { return Ok(()) };
        let JobStage::Storing { outputs, stop } = std::mem::replace(&mut job.stage, JobStage::Queued) else {
            return Ok(());
        };
        stop.store(true, Ordering::Relaxed);
        self.stop.cut();
        self.notice(
            self.place(job.frame, job.task),
            "the result is not cached: the run was cancelled".to_owned(),
        );
        self.release_claim(&mut job);
        let ending = self.ending(&job, None);
        self.settle(job.frame, job.task, Settled::with(State::Succeeded, outputs), ending)
    }

    fn keep(
        &mut self,
        job: &Job<'_>,
        outputs: &BTreeMap<String, Value>,
        files: &BTreeMap<String, String>,
    ) -> Result<(), StoreError> {
        let (Some(key), Some(objects)) = (&job.cache_key, &self.objects) else { return Ok(()) };
        let store = self.store.folder().to_owned();
        let without_location = |(name, output): (&String, &Value)| {
            let is_file = files.contains_key(name);
            (name.clone(), if is_file { artifact::without_location(&store, output) } else { output.clone() })
        };
        let outputs = outputs.iter().map(without_location).collect();
        objects.remove(&self.store.keep(key, &self.run, &job.path, &outputs, files)?);
        Ok(())
    }

    /// Releases the claim of the job, so that jobs that wait for it continue.
    pub(super) fn release_claim(&mut self, job: &mut Job<'_>) {
        if job.claim.take().is_none() {
            return;
        }
        let now = self.setup.clock.now();
        for other in self.jobs.values_mut() {
            if let JobStage::Waiting { until } = &mut other.stage {
                *until = now;
            }
        }
    }

    fn digest_limit(&self) -> Limit {
        self.setup.digest_limit.map_or_else(Limit::default, Limit::of_bytes)
    }

    /// Computes the digests of artifacts among the arguments of the run, as steps may be cached by them.
    pub(super) fn digest_arguments(&self, arguments: &mut BTreeMap<String, Value>) {
        let inputs = &self.plan.main().pipeline().inputs;
        for (name, value) in arguments.iter_mut().filter(|_| self.objects.is_some()) {
            if inputs.get(name).is_some_and(|input| input.r#type.artifact().is_some()) {
                artifact::add_digests(self.store.folder(), value, self.digest_limit());
            }
        }
    }

    /// Ends an import, after computing the digest of the artifact on a separate thread if results are cached.
    pub(super) fn digest_import(
        &mut self,
        frame: FrameId,
        task: &'r Task,
        mut artifact: Value,
    ) -> Result<(), StoreError> {
        if self.objects.is_none() {
            return self.import_ended(frame, task, artifact);
        }
        let id = JobId(self.next_job);
        self.next_job += 1;
        self.imports.insert(id, (frame, task));
        let (sender, store, limit) =
            (self.sender.clone(), self.store.folder().to_owned(), self.digest_limit());
        spawn_worker(move || {
            artifact::add_digests(&store, &mut artifact, limit);
            let _ = sender.send(Message::Imported(id, artifact));
        });
        Ok(())
    }

    pub(super) fn import_digested(&mut self, id: JobId, artifact: Value) -> Result<(), StoreError> {
        // The import is gone if the run was cancelled in the meantime.
        let Some((frame, task)) = self.imports.remove(&id) else { return Ok(()) };
        self.import_ended(frame, task, artifact)
    }

    fn import_ended(&mut self, frame: FrameId, task: &'r Task, artifact: Value) -> Result<(), StoreError> {
        let outputs = BTreeMap::from([("artifact".to_owned(), artifact)]);
        self.settle(frame, task, Settled::with(State::Succeeded, outputs), Ending::default())
    }
}
