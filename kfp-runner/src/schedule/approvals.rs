//! Tasks that wait for an approval.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

use kfp_model::{Approval, Task};

use super::Message;
use super::dispatcher::Dispatcher;
use super::ending::Ending;
use super::frame::{FrameId, Settled};
use super::message::QuestionId;
use super::pending::Waiting;
use crate::approval::{self, Answer, Question};
use crate::secret::refusal;
use crate::store::StoreError;
use crate::{Failure, FailureClass, State};

impl<'r> Dispatcher<'r, '_> {
    /// Uses the answer of an earlier part of the run or of the options, else asks the approver.
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
        if let Some(answer) = approval::answer_of(&self.setup.approvals, task) {
            return self.approve(&waiting, answer.clone());
        }
        #[cfg(feature = "store")]
        if self.preview.is_some() {
            return Ok(());
        }
        let Some(approver) = self.setup.approver.clone() else {
            // Not reached: a run with unanswered approvals and no approver is refused before it starts.
            return self.fail(id, task, Failure::error("no approver is set"));
        };
        let question = QuestionId(self.next_question);
        self.next_question += 1;
        self.questions.insert(question, waiting);
        let request = Question::new(path, &task.name, approval.clone());
        let sender = self.sender.clone();
        thread::spawn(move || {
            // Without an answer, the run would wait forever.
            let answer = catch_unwind(AssertUnwindSafe(|| approver.ask(&request))).unwrap_or(Answer::Refused);
            // The receiver is gone if the run has ended.
            let _ = sender.send(Message::Answered(question, answer));
        });
        Ok(())
    }

    pub(super) fn answered(&mut self, id: QuestionId, answer: Answer) -> Result<(), StoreError> {
        match self.questions.remove(&id) {
            Some(waiting) => self.approve(&waiting, answer),
            // The run has ended in the meantime.
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
