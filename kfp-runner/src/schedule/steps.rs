//! Starting tasks without regions: steps and imports.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use kfp_compiler::shim;
use kfp_model::{
    Call, ComponentId, DIGEST_LIMIT_VARIABLE, EnvironmentValue, Implementation, Import, Input,
    MASKED_VARIABLES, Task, Trigger, Type,
};
use serde_json::{Map, Value};

use super::dispatcher::Dispatcher;
use super::ending::Ending;
use super::frame::{FrameId, Settled};
use super::job::{Job, JobStage};
use super::message::JobId;
use super::plan::full_name;
use crate::artifact;
use crate::evaluate::{self, EvaluationError};
use crate::step::{Attempt, Program};
use crate::store::StoreError;
use crate::{Failure, State};

/// The arguments of a call.
pub(super) enum Arguments {
    /// All inputs of the callee by name.
    Present(BTreeMap<String, Value>),
    /// The argument of that name is absent, as the task that produces it was skipped.
    Absent(String),
}

impl<'r> Dispatcher<'r, '_> {
    /// Evaluates the arguments of a call, and adds defaults.
    ///
    /// A task that runs after failures also uses defaults for absent values.
    pub(super) fn arguments(
        &self,
        id: FrameId,
        task: &Task,
        call: &Call,
        inputs: &IndexMap<String, Input>,
    ) -> Result<Arguments, Failure> {
        let view = self.frames.view(id);
        let mut arguments = BTreeMap::new();
        for (name, input) in inputs {
            let passed = match call.arguments.get(name) {
                Some(expression) => evaluate::expression(expression, &view)
                    .map_err(|error| evaluation_failure(&format!("the argument `{name}`"), &error))?,
                None => Some(Value::Null),
            };
            let value = match (passed, &input.default) {
                (Some(Value::Null), Some(default)) => default.clone(),
                (Some(value), _) => value,
                (None, Some(default)) if task.trigger == Trigger::AllDone => default.clone(),
                (None, _) if input.r#type.is_option() => Value::Null,
                (None, _) => return Ok(Arguments::Absent(name.clone())),
            };
            arguments.insert(name.clone(), value);
        }
        Ok(Arguments::Present(arguments))
    }

    /// Skips a task that depends on an absent value.
    pub(super) fn skip(&mut self, id: FrameId, task: &'r Task, what: &str) -> Result<(), StoreError> {
        let message = format!("{what} depends on a skipped task");
        self.settle(id, task, Settled::empty(State::Skipped), Ending::message(message))
    }

    pub(super) fn start_step(
        &mut self,
        id: FrameId,
        task: &'r Task,
        call: &'r Call,
        component: &'r ComponentId,
    ) -> Result<(), StoreError> {
        let checked = self.frames.get(id).checked;
        let component = checked.component(component);
        if self.setup.simulator.is_some_and(|simulator| simulator.skips(component)) {
            let ending = Ending::message("skipped by the test");
            return self.settle(id, task, Settled::empty(State::Skipped), ending);
        }
        let inputs = match self.arguments(id, task, call, &component.inputs) {
            Ok(Arguments::Present(inputs)) => inputs,
            Ok(Arguments::Absent(name)) => return self.skip(id, task, &format!("the argument `{name}`")),
            Err(failure) => return self.fail(id, task, failure),
        };
        let path = self.path(id, task);
        if self.reuse(id, task, &path)? {
            return Ok(());
        }
        let policy = self.plan.program().policy(self.frames.get(id).instance, &task.id);
        let cache_key = self.cache_key(component, policy, &inputs);
        if cache_key.is_none() {
            self.report_missing_digests(&self.place(id, task), component, policy, &inputs);
        }
        let attempt = self.previous.attempts.get(&path).copied().unwrap_or(0);
        let stage = JobStage::Queued;
        let job = Job {
            frame: id,
            task,
            component,
            policy,
            path,
            inputs,
            cache_key,
            claim: None,
            reported_wait: false,
            attempt,
            attempts: 0,
            stage,
            reason: None,
        };
        #[cfg(feature = "store")]
        if self.preview.is_some() {
            return self.preview_job(job);
        }
        if self.reuse_without_files(&job)? {
            return Ok(());
        }
        self.enqueue(job);
        Ok(())
    }

    /// Uses the cached result of the job if it has no files: it needs no verification, so it can be used at once.
    fn reuse_without_files(&mut self, job: &Job<'r>) -> Result<bool, StoreError> {
        let Some(key) = job.key() else { return Ok(false) };
        self.warn_about_paths(&self.place(job.frame, job.task), job.component, &job.inputs);
        let Some(found) = self.look_up(key, job.policy)?.filter(|found| found.files.is_empty()) else {
            return Ok(false);
        };
        self.begin(job.frame, job.task, Some(key), &job.inputs)?;
        let settled = Settled::with(State::Cached, found.outputs);
        self.settle(job.frame, job.task, settled, Ending::cached(found.run))?;
        Ok(true)
    }

    /// Uses the result of an earlier part of the run, if there is one and its files exist.
    pub(super) fn reuse(&mut self, id: FrameId, task: &'r Task, path: &str) -> Result<bool, StoreError> {
        let is_available = |output: &Value| {
            let is_artifact = output.pointer("/type/schemaTitle").is_some();
            let location = is_artifact.then(|| artifact::path_of(self.store.folder(), output)).flatten();
            location.is_none_or(|path| path.exists())
        };
        let done = self.previous.outputs.remove(path).filter(|outputs| outputs.values().all(is_available));
        let Some(outputs) = done else {
            self.rerun.insert(path.to_owned());
            return Ok(false);
        };
        let ending = Ending { recorded: true, ..Ending::message("completed by an earlier part of the run") };
        self.settle(id, task, Settled::with(State::Succeeded, outputs), ending)?;
        Ok(true)
    }

    /// Prepares the next attempt of the job.
    pub(super) fn prepare_attempt(&self, id: JobId) -> Result<Attempt, Failure> {
        let Some(job) = self.jobs.get(&id) else { return Err(Failure::error("unknown job")) };
        Ok(Attempt {
            component: job.component.clone(),
            inputs: job.inputs.clone(),
            secrets: self.secrets(job)?,
            environment: self.environment(job)?,
            withheld: self.setup.vault.variables.clone(),
            retries: job.attempt.saturating_sub(1),
            layout: self.layout(job),
            mask: self.setup.mask.clone(),
        })
    }

    /// Returns the program that runs the job.
    pub(super) fn program(&self, id: JobId) -> Result<Program, Failure> {
        let Some(job) = self.jobs.get(&id) else { return Err(Failure::error("unknown job")) };
        let component = job.component;
        let setup = &self.setup;
        let program = match &component.implementation {
            Implementation::Rust(_) => setup.binary.clone().map(Program::Rust),
            Implementation::Python(_) | Implementation::Notebook(_) => shim::python_step(component)
                .zip(setup.interpreter.clone())
                .map(|(step, interpreter)| Program::Python(interpreter, step.into_owned())),
            Implementation::Container(step) => {
                setup.engine.as_ref().map(|engine| Program::Container(engine.clone(), step.clone()))
            }
        };
        program.ok_or_else(|| {
            Failure::error(format!("cannot run the component `{}` on this machine", component.name))
        })
    }

    fn secrets(&self, job: &Job<'_>) -> Result<BTreeMap<String, String>, Failure> {
        let mut secrets = BTreeMap::new();
        for (name, input) in &job.component.inputs {
            if *input.r#type.present() == Type::Secret
                && let Some(Value::String(secret)) = job.inputs.get(name)
            {
                secrets.insert(name.clone(), look_up(&self.setup.vault.secrets, "secret", secret)?);
            }
        }
        Ok(secrets)
    }

    fn environment(&self, job: &Job<'_>) -> Result<BTreeMap<String, String>, Failure> {
        let vault = &self.setup.vault;
        let value = |value: &EnvironmentValue| match value {
            EnvironmentValue::Literal(text) => Ok(text.clone()),
            EnvironmentValue::Secret(reference) => look_up(&vault.secrets, "secret", &full_name(reference)),
            EnvironmentValue::ConfigMap(reference) => {
                look_up(&vault.config_maps, "config map", &full_name(reference))
            }
        };
        let variables = &job.policy.environment;
        let mut environment = variables
            .iter()
            .map(|(name, source)| Ok((name.clone(), value(source)?)))
            .collect::<Result<BTreeMap<_, _>, Failure>>()?;
        let secrets = variables.iter().filter(|(_, source)| matches!(source, EnvironmentValue::Secret(_)));
        let masked: Vec<&str> = secrets.map(|(name, _)| name.as_str()).collect();
        let has_runtime = !matches!(job.component.implementation, Implementation::Container(_));
        if has_runtime && !masked.is_empty() {
            environment.insert(MASKED_VARIABLES.to_owned(), masked.join(","));
        }
        if let Some(limit) = self.setup.digest_limit.filter(|_| has_runtime) {
            environment.entry(DIGEST_LIMIT_VARIABLE.to_owned()).or_insert_with(|| limit.to_string());
        }
        Ok(environment)
    }

    pub(super) fn start_import(
        &mut self,
        id: FrameId,
        task: &'r Task,
        import: &'r Import,
    ) -> Result<(), StoreError> {
        self.begin(id, task, None, &BTreeMap::new())?;
        match self.imported(id, import) {
            Ok(Some(artifact)) => self.digest_import(id, task, artifact),
            Ok(None) => self.skip(id, task, "the URI or metadata"),
            Err(failure) => self.fail(id, task, failure),
        }
    }

    fn imported(&self, id: FrameId, import: &Import) -> Result<Option<Value>, Failure> {
        let view = self.frames.view(id);
        let failed = |error: EvaluationError| evaluation_failure("the import", &error);
        let mut metadata = Map::new();
        for (name, expression) in &import.metadata {
            let Some(value) = evaluate::expression(expression, &view).map_err(failed)? else {
                return Ok(None);
            };
            metadata.insert(name.clone(), value);
        }
        let Some(uri) = evaluate::expression(&import.uri, &view).map_err(failed)? else { return Ok(None) };
        let (Some(uri), Some(kind)) = (uri.as_str(), import.r#type.artifact()) else {
            return Err(Failure::data("the location of an import must be a string"));
        };
        artifact::from_location("artifact", kind, uri, metadata, &self.setup.stores)
            .map(Some)
            .map_err(Failure::data)
    }
}

/// Creates the failure of a task whose expressions cannot be evaluated.
pub(super) fn evaluation_failure(what: &str, error: &EvaluationError) -> Failure {
    Failure::data(format!("cannot evaluate {what}: {error}"))
}

fn look_up(values: &BTreeMap<String, String>, kind: &str, name: &str) -> Result<String, Failure> {
    values.get(name).cloned().ok_or_else(|| Failure::error(format!("missing value of the {kind} `{name}`")))
}
