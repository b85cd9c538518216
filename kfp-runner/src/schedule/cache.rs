//! Results that are reused: the keys of results, and what happens between a key and its result.
//!
//! A job with a key takes the result that is there. Where there is none, it claims the key and computes the result;
//! a job whose key somebody else has claimed waits. Files are read and moved by threads of their own.

use std::collections::BTreeMap;
use std::path::Path;
use std::thread;
use std::time::Duration;

use kfp_compiler::digest::{sha256_hex, step_digest};
use kfp_model::{Cache, Component, Implementation, Policy, Task, Type, value};
use serde_json::{Value, json};

use super::Message;
use super::dispatcher::Dispatcher;
use super::frame::{FrameId, Settled};
use super::jobs::{Job, JobStage};
use super::message::JobId;
use super::record::Ending;
use crate::cache::{Filed, Finished, Loss, restore};
use crate::step::{Binary, Interpreter, Layout};
use crate::store::{Cached, StoreError};
use crate::{Event, State, artifact};

/// How often it is tried to claim a key that another run has claimed.
const PATIENCE: Duration = Duration::from_millis(50);

/// The attempt in whose folder the files of a cached result are: the attempts of a step are counted from 1.
const NO_ATTEMPT: u32 = 0;

impl<'r> Dispatcher<'r, '_> {
    /// The key of the step's result, if its results may be used again.
    ///
    /// It is the digest of a list: the digest of the step, the namespace, the epoch, the author's key, and each input
    /// in the order of their names, as its JSON text or as what identifies an artifact.
    pub(super) fn cache_key(
        &self,
        component: &Component,
        policy: &Policy,
        inputs: &BTreeMap<String, Value>,
    ) -> Option<String> {
        self.objects.as_ref()?;
        let Some(Cache::For { key, .. }) = &policy.cache else { return None };
        // A result that depends on a secret is not kept, as the key cannot depend on it.
        if component.inputs.values().any(|input| *input.r#type.present() == Type::Secret) {
            return None;
        }
        let mut list = vec![
            json!(self.step_digest(component, policy)),
            json!(self.setup.namespace),
            json!(self.setup.cache_epoch.to_string()),
            json!(key),
        ];
        for (name, value) in inputs {
            let is_artifact =
                component.inputs.get(name).is_some_and(|input| input.r#type.artifact().is_some());
            list.push(if is_artifact { artifact::identity(value)? } else { json!(value::encode(value)) });
        }
        Some(sha256_hex(value::encode(&Value::Array(list)).as_bytes()))
    }

    /// The digest of the step, with what runs it: the program of a Rust step, the interpreter of a Python step.
    fn step_digest(&self, component: &Component, policy: &Policy) -> String {
        let digest = step_digest(component, None, &policy.environment);
        let runs_it = match &component.implementation {
            Implementation::Rust(_) => self.setup.binary.as_ref().map(Binary::digest),
            Implementation::Python(_) | Implementation::Notebook(_) => {
                self.setup.interpreter.as_ref().map(Interpreter::version)
            }
            Implementation::Container(_) => None,
        };
        match runs_it {
            Some(program) => sha256_hex(format!("{digest} {program}").as_bytes()),
            None => digest,
        }
    }

    /// Warns of inputs that are the paths of files: the key has the path, and the content may change behind it.
    pub(super) fn warn_of_files(
        &mut self,
        path: &str,
        component: &Component,
        inputs: &BTreeMap<String, Value>,
    ) {
        for (name, value) in inputs {
            let is_text =
                component.inputs.get(name).is_some_and(|input| *input.r#type.present() == Type::String);
            if let (true, Some(file)) = (is_text, value.as_str().filter(|text| Path::new(text).is_file())) {
                let message = format!(
                    "cached by the path `{file}` in its input `{name}`, not by the content of that file: import the \
                     file as an artifact, or put its digest into `cache_key`"
                );
                self.notice(path, message);
            }
        }
    }

    fn notice(&mut self, path: &str, message: String) {
        (self.events)(Event::Notice { path: path.to_owned(), message });
    }

    /// The result that is kept under the key, if it is fresh enough. Its files are still to be verified.
    pub(super) fn look_up(&self, key: &str, policy: &Policy) -> Result<Option<Cached>, StoreError> {
        match &policy.cache {
            Some(Cache::For { max_age, .. }) if self.setup.read_cache => {
                self.store.cached(key, max_age.seconds())
            }
            _ => Ok(None),
        }
    }

    /// Whether the job, whose turn it is, has to compute its result; else that is there, or somebody else is at it.
    pub(super) fn is_to_compute(&mut self, id: JobId) -> Result<bool, StoreError> {
        let Some(job) = self.jobs.get(&id) else { return Ok(false) };
        let (Some(key), Some(objects)) = (job.cache_key.clone(), self.objects.clone()) else {
            return Ok(true);
        };
        if !self.setup.read_cache || job.claim.is_some() {
            return Ok(true);
        }
        let policy = job.policy;
        if let Some(found) = self.look_up(&key, policy)? {
            self.restore(id, found);
            return Ok(false);
        }
        // Where nothing can be claimed, on a full disk for instance, work is done twice at worst.
        let Ok(claim) = objects.claim(&key) else { return Ok(true) };
        let is_ours = claim.is_some();
        if let Some(job) = self.jobs.get_mut(&id) {
            job.claim = claim;
        }
        if !is_ours {
            self.wait(id);
            return Ok(false);
        }
        // Whoever had the claim before may have kept a result since.
        match self.look_up(&key, policy)? {
            Some(found) => {
                self.restore(id, found);
                Ok(false)
            }
            None => Ok(true),
        }
    }

    fn wait(&mut self, id: JobId) {
        let until = self.setup.clock.now() + PATIENCE;
        let Some(job) = self.jobs.get_mut(&id) else { return };
        job.stage = JobStage::Waiting { until };
        if !std::mem::replace(&mut job.waits, true) {
            let path = job.path.clone();
            self.notice(&path, "waiting for another step that computes the same result".to_owned());
        }
    }

    /// Has a thread verify the files of a result and put them in their places.
    fn restore(&mut self, id: JobId, found: Cached) {
        let Some(objects) = self.objects.clone() else { return };
        let Some(job) = self.jobs.get_mut(&id) else { return };
        let layout = Layout::new(self.store.folder(), self.run.as_str(), &job.path, NO_ATTEMPT);
        job.stage = JobStage::Restoring(found.clone());
        self.running += 1;
        let sender = self.sender.clone();
        thread::spawn(move || {
            let restored = restore(&objects, found.outputs, &found.files, &layout);
            // Nobody listens any more once the run was given up.
            let _ = sender.send(Message::Restored(id, restored));
        });
    }

    /// Takes the result, or has it computed where its files are not what they were.
    pub(super) fn restored(
        &mut self,
        id: JobId,
        restored: Result<BTreeMap<String, Value>, Loss>,
    ) -> Result<(), StoreError> {
        self.running -= 1;
        let Some(mut job) = self.jobs.remove(&id) else { return Ok(()) };
        let loss = match restored {
            Ok(outputs) => {
                self.unclaim(&mut job);
                self.begin(job.frame, job.task, job.cache_key.as_deref(), &job.inputs)?;
                let settled = Settled::with(State::Cached, outputs);
                return self.settle(job.frame, job.task, settled, Ending::default());
            }
            Err(loss) => loss,
        };
        self.notice(&job.path, format!("the cached result is not used, as {loss}"));
        if let (JobStage::Restoring(found), Some(key), Some(objects)) =
            (&job.stage, &job.cache_key, &self.objects)
        {
            objects.remove(&self.store.forget(key, found)?);
        }
        job.stage = JobStage::Queued;
        self.jobs.insert(id, job);
        self.queue.push_front(id);
        Ok(())
    }

    /// Has a thread put the files of a result into the cache.
    pub(super) fn file(&mut self, id: JobId, mut job: Job<'r>, outputs: BTreeMap<String, Value>) {
        let Some(objects) = self.objects.clone() else { return };
        let is_rust = matches!(job.component.implementation, Implementation::Rust(_));
        let finished = Finished {
            store: self.store.folder().to_owned(),
            component: job.component.clone(),
            inputs: job.inputs.clone(),
            outputs,
            binary: self.setup.binary.clone().filter(|_| is_rust),
        };
        job.stage = JobStage::Filing;
        self.jobs.insert(id, job);
        self.running += 1;
        let sender = self.sender.clone();
        thread::spawn(move || {
            let _ = sender.send(Message::Filed(id, finished.file(&objects)));
        });
    }

    /// Keeps the result for later runs, now that its files are there.
    pub(super) fn filed(&mut self, id: JobId, filed: Filed) -> Result<(), StoreError> {
        self.running -= 1;
        let Some(mut job) = self.jobs.remove(&id) else { return Ok(()) };
        let Filed { outputs, files } = filed;
        let kept =
            files.and_then(|files| self.keep(&job, &outputs, &files).map_err(|error| error.to_string()));
        if let Err(reason) = kept {
            self.notice(&job.path, format!("the result is not cached: {reason}"));
        }
        self.unclaim(&mut job);
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
        let placeless = |(name, output): (&String, &Value)| {
            let is_file = files.contains_key(name);
            (name.clone(), if is_file { artifact::placeless(&store, output) } else { output.clone() })
        };
        let outputs = outputs.iter().map(placeless).collect();
        objects.remove(&self.store.keep(key, &self.run, &job.path, &outputs, files)?);
        Ok(())
    }

    /// Gives up the claim of the job, so that those who wait for it go on.
    pub(super) fn unclaim(&mut self, job: &mut Job<'_>) {
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

    /// Takes the digests of artifacts that the run is given, as steps may be cached by them.
    pub(super) fn digest_arguments(&self, arguments: &mut BTreeMap<String, Value>) {
        let inputs = &self.plan.main().pipeline().inputs;
        for (name, value) in arguments.iter_mut().filter(|_| self.objects.is_some()) {
            if inputs.get(name).is_some_and(|input| input.r#type.artifact().is_some()) {
                artifact::add_digests(self.store.folder(), value);
            }
        }
    }

    /// Ends an import, after a thread has taken the digest of the artifact where steps may be cached by it.
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
        let (sender, store) = (self.sender.clone(), self.store.folder().to_owned());
        thread::spawn(move || {
            artifact::add_digests(&store, &mut artifact);
            let _ = sender.send(Message::Imported(id, artifact));
        });
        Ok(())
    }

    pub(super) fn import_digested(&mut self, id: JobId, artifact: Value) -> Result<(), StoreError> {
        // It is gone where the run was cancelled meanwhile.
        let Some((frame, task)) = self.imports.remove(&id) else { return Ok(()) };
        self.import_ended(frame, task, artifact)
    }

    fn import_ended(&mut self, frame: FrameId, task: &'r Task, artifact: Value) -> Result<(), StoreError> {
        let outputs = BTreeMap::from([("artifact".to_owned(), artifact)]);
        self.settle(frame, task, Settled::with(State::Succeeded, outputs), Ending::default())
    }
}
