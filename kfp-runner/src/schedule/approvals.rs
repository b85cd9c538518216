//! Tasks that wait until somebody approves.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

use kfp_model::{Approval, Task};

use super::Message;
use super::dispatcher::Dispatcher;
use super::frame::{FrameId, Settled};
use super::message::QuestionId;
use super::record::Ending;
use crate::approval::{self, Answer, Question};
use crate::secret::refusal;
use crate::store::StoreError;
use crate::{Failure, FailureClass, State};

/// A task that waits for the answer.
pub(super) struct Waiting<'r> {
    pub(super) frame: FrameId,
    pub(super) task: &'r Task,
    approval: &'r Approval,
}

impl<'r> Dispatcher<'r, '_> {
    /// Takes the answer that was given before, else asks for it. What an earlier part of the run was told holds.
    pub(super) fn start_approval(
        &mut self,
        id: FrameId,
        task: &'r Task,
        approval: &'r Approval,
    ) -> Result<(), StoreError> {
        let path = self.path(id, task);
        if self.reuse(id, task, &path)? {
            return Ok(());
        }
        self.begin(id, task, None, &BTreeMap::new())?;
        let waiting = Waiting { frame: id, task, approval };
        if let Some(answer) = approval::given(&self.setup.approvals, task) {
            return self.approve(&waiting, answer.clone());
        }
        let Some(ask) = self.setup.ask.clone() else {
            // A run is refused before it begins where nobody can be asked.
            return self.fail(id, task, Failure::error("there is nobody to ask"));
        };
        let question = QuestionId(self.next_question);
        self.next_question += 1;
        self.questions.insert(question, waiting);
        let asked = Question::new(path, &task.name, approval.clone());
        let sender = self.sender.clone();
        thread::spawn(move || {
            // A question that comes to no answer would be waited for without end.
            let answer = catch_unwind(AssertUnwindSafe(|| ask.ask(&asked))).unwrap_or(Answer::Refused);
            // Nobody listens any more once the run has ended.
            let _ = sender.send(Message::Answered(question, answer));
        });
        Ok(())
    }

    pub(super) fn answered(&mut self, id: QuestionId, answer: Answer) -> Result<(), StoreError> {
        match self.questions.remove(&id) {
            Some(waiting) => self.approve(&waiting, answer),
            // The run was ended in between.
            None => Ok(()),
        }
    }

    fn approve(&mut self, waiting: &Waiting<'r>, answer: Answer) -> Result<(), StoreError> {
        let Waiting { frame, task, approval } = waiting;
        let values = match answer {
            Answer::Approved(values) => values,
            Answer::Refused => {
                return self.fail(*frame, task, failure("the approval was refused".to_owned()));
            }
        };
        let secrets: Vec<String> = values
            .iter()
            .filter_map(|(name, value)| {
                let what = format!("the value `{name}` of the approval `{}`", task.name);
                refusal(&self.setup.mask, &what, value)
            })
            .collect();
        if !secrets.is_empty() {
            return self.fail(*frame, task, failure(secrets.join("; ")));
        }
        match approval::check(&task.name, approval, values) {
            Ok(values) => {
                let settled = Settled::with(State::Succeeded, values);
                self.settle(*frame, task, settled, Ending::default())
            }
            Err(problems) => self.fail(*frame, task, failure(problems.join("; "))),
        }
    }
}

fn failure(message: String) -> Failure {
    Failure { state: State::Failed, class: FailureClass::Permanent, message, exit_code: None }
}
