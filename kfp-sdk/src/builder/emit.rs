//! Turns the notes of a pipeline into its part of the document.

use kfp_model::{
    Arm, Branch, Call, Callee, Comparison, ConcatPart, Condition, Document, ExitHandler, Expression,
    FieldAccess, Import, Location, Loop, OutputReference, Pipeline, Place, Problem, Reference, Region, Task,
    TaskId, TaskKind,
};
use serde_json::Value as Json;

use super::draft::{ArmDraft, Build, CallDraft, ImportDraft, KindDraft, LoopDraft, TaskDraft};
use super::mistake::Mistake;
use super::names::{Named, assign};
use super::session::Session;
use crate::notes::{ConditionNode, Node, Raw, Record, TaskRef, TextPiece};

/// Emits one pipeline, and adds its locations and problems to the document.
pub(super) struct Emitter<'a> {
    session: &'a Session,
    build: &'a Build,
    record: &'a Record,
    names: Vec<Named>,
    place: Place,
    document: &'a mut Document,
}

impl<'a> Emitter<'a> {
    /// Returns `None` if the build has no notes, which does not happen.
    pub(super) fn new(session: &'a Session, idx: usize, document: &'a mut Document) -> Option<Self> {
        let build = session.builds.get(idx)?;
        let record = session.notes.of(build.id)?;
        let place = Place::root().key("pipelines").index(idx);
        Some(Self { session, build, record, names: assign(build), place, document })
    }

    pub(super) fn pipeline(mut self) -> Pipeline {
        let definition = self.build.definition;
        let interface = (definition.describe)();
        let place = self.place.clone();
        self.locate(&place, definition.location);
        for (part, mistake) in interface.mistakes {
            self.mistake(&place.join(&part), mistake);
        }
        Pipeline {
            name: definition.name.to_owned(),
            version: interface.version,
            description: interface.description,
            inputs: interface.inputs,
            outputs: interface.outputs,
            settings: interface.settings,
            root: self.region(0, &place.key("root")),
        }
    }

    fn region(&mut self, region: usize, place: &Place) -> Region {
        let build = self.build;
        let draft = &build.regions[region];
        let tasks = draft.tasks.iter().enumerate();
        let tasks = tasks.map(|(idx, task)| self.task(*task, &place.key("tasks").index(idx))).collect();
        let yields = draft.yields.iter().map(|(name, raw)| {
            let place = place.key("yields").key(name);
            (name.clone(), self.handle(*raw, &place))
        });
        Region { tasks, yields: yields.collect() }
    }

    fn task(&mut self, number: usize, place: &Place) -> Task {
        let draft = &self.build.tasks[number];
        self.locate(place, self.record.tasks[number]);
        let after = draft.after.iter().enumerate().filter_map(|(idx, (task, location))| {
            let place = place.key("after").index(idx);
            self.locate(&place, location);
            self.task_id(*task, &place)
        });
        let after = after.collect();
        self.policy(draft, &place.key("policy"));
        let Named { id, name } = self.names[number].clone();
        let kind = self.kind(draft, &place.key("kind"));
        Task { id, name, kind, after, policy: draft.policy.model.clone().into(), trigger: draft.trigger }
    }

    fn policy(&mut self, draft: &TaskDraft, place: &Place) {
        for note in draft.policy.notes() {
            let place = note.place(place);
            self.locate(&place, note.location);
            if let Some(mistake) = &note.mistake {
                let problem = mistake.clone().at(place);
                // Tasks can share a policy, and its mistakes.
                if !self.is_known(&problem, note.location) {
                    self.document.problems.push(problem);
                }
            }
        }
    }

    fn kind(&mut self, draft: &TaskDraft, place: &Place) -> TaskKind {
        match &draft.kind {
            KindDraft::Call(call) => TaskKind::Call(self.call(call, &place.key("call"))),
            KindDraft::Branch { arms, otherwise } => {
                let place = place.key("branch");
                let arm = |(idx, arm)| self.arm(arm, &place.key("arms").index(idx));
                let arms = arms.iter().enumerate().map(arm).collect();
                let otherwise = otherwise.map(|region| self.region(region, &place.key("otherwise")));
                TaskKind::Branch(Branch { arms, otherwise })
            }
            KindDraft::Loop(draft) => TaskKind::Loop(self.parallel_for(draft, &place.key("loop"))),
            KindDraft::ExitHandler { body, exit } => {
                let place = place.key("exit_handler");
                let body = self.region(*body, &place.key("body"));
                TaskKind::ExitHandler(ExitHandler { body, exit: self.region(*exit, &place.key("exit")) })
            }
            KindDraft::Approval(approval) => TaskKind::Approval(approval.clone()),
            KindDraft::Import(import) => TaskKind::Import(self.import(import, &place.key("import"))),
        }
    }

    fn call(&mut self, draft: &CallDraft, place: &Place) -> Call {
        let mut call = Call {
            callee: draft.callee.clone(),
            arguments: indexmap::IndexMap::new(),
            max_depth: draft.max_depth.map(|(depth, _)| depth),
            continue_on_failure: draft.continue_on_failure,
        };
        if let (Callee::Component(id), Some((_, location))) = (&draft.callee, draft.max_depth) {
            let place = place.key("max_depth");
            self.locate(&place, location);
            let message = format!("`max_depth` applies to pipelines only, and `{id}` is a component");
            self.mistake(&place, Mistake::new(message).help("remove `.max_depth(..)`"));
        }
        for argument in &draft.arguments {
            let place = place.key("arguments").key(argument.name);
            if call.arguments.contains_key(argument.name) {
                let mistake = Mistake::new(format!("duplicate argument `{}`", argument.name));
                self.mistake(&place, mistake.help("set each argument once"));
            }
            self.locate(&place, argument.location);
            let value = self.expression(&argument.value.0, &place);
            call.arguments.insert(argument.name.to_owned(), value);
        }
        call
    }

    fn arm(&mut self, draft: &ArmDraft, place: &Place) -> Arm {
        self.locate(place, draft.location);
        Arm {
            name: draft.name.clone(),
            condition: self.condition(draft.condition, &place.key("condition")),
            region: self.region(draft.region, &place.key("region")),
        }
    }

    fn import(&mut self, draft: &ImportDraft, place: &Place) -> Import {
        let metadata = place.key("metadata");
        let entry =
            |(name, value): &(String, Node)| (name.clone(), self.expression(value, &metadata.key(name)));
        let metadata = draft.metadata.iter().map(entry).collect();
        let uri = self.expression(&draft.uri, &place.key("uri"));
        Import { uri, r#type: draft.r#type.clone(), metadata }
    }

    fn parallel_for(&mut self, draft: &LoopDraft, place: &Place) -> Loop {
        Loop {
            items: self.expression(&draft.items, &place.key("items")),
            parallelism: draft.parallelism,
            max_items: draft.max_items,
            body: self.region(draft.body, &place.key("body")),
        }
    }

    fn expression(&mut self, node: &Node, place: &Place) -> Expression {
        match node {
            Node::Constant(json) => Expression::Constant(json.clone()),
            Node::Unwritable(reason) => {
                self.mistake(place, Mistake::new(format!("invalid constant: {reason}")));
                Expression::Constant(Json::Null)
            }
            Node::Handle(raw) => self.handle(*raw, place),
            Node::Field(of, name) => {
                let of = self.handle(*of, place);
                Expression::Field(Box::new(FieldAccess { of, name: (*name).to_owned() }))
            }
            Node::List(items) => Expression::List(self.expressions(items, place)),
            Node::FirstPresent(items) => Expression::FirstPresent(self.expressions(items, place)),
            Node::Struct(fields) => {
                let field =
                    |(name, field): &(&str, Node)| ((*name).to_owned(), self.expression(field, place));
                Expression::Struct(fields.iter().map(field).collect())
            }
            Node::Text(pieces) => {
                Expression::Concat(pieces.iter().map(|piece| self.text_part(piece, place)).collect())
            }
            reference => match self.reference(reference, place) {
                Some(reference) => Expression::Reference(reference),
                None => Expression::Constant(Json::Null),
            },
        }
    }

    fn expressions(&mut self, nodes: &[Node], place: &Place) -> Vec<Expression> {
        nodes.iter().map(|node| self.expression(node, place)).collect()
    }

    fn text_part(&mut self, piece: &TextPiece, place: &Place) -> ConcatPart {
        match piece {
            TextPiece::Literal(text) => ConcatPart::Literal(text.clone()),
            TextPiece::Value(node) => ConcatPart::Value(self.expression(node, place)),
        }
    }

    fn reference(&mut self, node: &Node, place: &Place) -> Option<Reference> {
        let output = |task: TaskId, name: &str| OutputReference { task, output: name.to_owned() };
        Some(match node {
            Node::Input(name) => Reference::Input((*name).to_owned()),
            Node::Item(task) => Reference::Item(self.task_id(*task, place)?),
            Node::Status(task) => Reference::Status(self.task_id(*task, place)?),
            Node::Output(task, name) => Reference::Output(output(self.task_id(*task, place)?, name)),
            Node::BodyOutput(task, name) => Reference::Guarded(output(self.task_id(*task, place)?, name)),
            _ => return None,
        })
    }

    fn condition(&mut self, raw: Raw, place: &Place) -> Condition {
        let record = self.record;
        if raw.build != record.id {
            let conditions = |record: &'a Record| record.conditions.get(raw.node as usize).map(|(_, at)| *at);
            self.foreign("condition", raw.build, conditions, place);
            return Condition::Holds(Expression::Constant(Json::Bool(false)));
        }
        let Some((node, location)) = record.conditions.get(raw.node as usize) else {
            return Condition::Holds(Expression::Constant(Json::Bool(false)));
        };
        self.locate(place, location);
        match node {
            ConditionNode::Compare(left, operator, right) => {
                let place = place.key("compare");
                let left = self.expression(left, &place.key("left"));
                let right = self.expression(right, &place.key("right"));
                Condition::Compare(Box::new(Comparison { left, operator: *operator, right }))
            }
            ConditionNode::IsTrue(value) => Condition::Holds(self.expression(value, &place.key("holds"))),
            ConditionNode::Present(value) => {
                Condition::Present(self.expression(value, &place.key("present")))
            }
            ConditionNode::And(left, right) => {
                Condition::And(self.conditions([*left, *right], &place.key("and")))
            }
            ConditionNode::Or(left, right) => {
                Condition::Or(self.conditions([*left, *right], &place.key("or")))
            }
            ConditionNode::Not(inner) => Condition::Not(Box::new(self.condition(*inner, &place.key("not")))),
        }
    }

    fn conditions(&mut self, raws: [Raw; 2], place: &Place) -> Vec<Condition> {
        raws.iter().enumerate().map(|(idx, raw)| self.condition(*raw, &place.index(idx))).collect()
    }

    fn handle(&mut self, raw: Raw, place: &Place) -> Expression {
        let record = self.record;
        if raw.build != record.id {
            let values = |record: &'a Record| record.values.get(raw.node as usize).map(|(_, at)| *at);
            self.foreign("value", raw.build, values, place);
            return Expression::Constant(Json::Null);
        }
        match record.values.get(raw.node as usize) {
            Some((node, _)) => self.expression(node, place),
            None => Expression::Constant(Json::Null),
        }
    }

    fn task_id(&mut self, task: TaskRef, place: &Place) -> Option<TaskId> {
        if task.build() == self.build.id {
            return self.names.get(task.number()).map(|named| named.id.clone());
        }
        let tasks = |record: &'a Record| record.tasks.get(task.number()).copied();
        self.foreign("task", task.build(), tasks, place);
        None
    }

    /// Reports a value, task or condition that belongs to another pipeline.
    fn foreign(
        &mut self,
        noun: &str,
        build: u32,
        location: impl Fn(&'a Record) -> Option<&'static std::panic::Location<'static>>,
        place: &Place,
    ) {
        let owner = self.session.builds.iter().find(|other| other.id == build);
        let origin = match owner
            .and_then(|owner| Some((owner.definition.name, location(self.session.notes.of(owner.id)?)?)))
        {
            Some((name, at)) => format!("the {noun} created at {at} belongs to pipeline `{name}`"),
            None => format!("the {noun} does not belong to a pipeline of this document"),
        };
        let used = self.build.definition.name;
        let help = match noun {
            "task" => "use a task of the same pipeline",
            "condition" => "compare the values where the condition is used",
            _ => "pass it as a parameter or as an output",
        };
        let message = format!("{origin} and cannot be used in pipeline `{used}`");
        self.mistake(place, Mistake::new(message).help(help));
    }

    fn locate(&mut self, place: &Place, location: &std::panic::Location<'_>) {
        self.document.locations.insert(place.clone(), Location::of(location));
    }

    /// Whether the document has the same problem of the same location.
    fn is_known(&self, problem: &Problem, location: &std::panic::Location<'_>) -> bool {
        let Document { problems, locations, .. } = &*self.document;
        let location = Location::of(location);
        let is_same = |other: &Problem| {
            other.message == problem.message && locations.get(&other.place) == Some(&location)
        };
        problems.iter().any(is_same)
    }

    fn mistake(&mut self, place: &Place, mistake: Mistake) {
        self.document.problems.push(mistake.at(place.clone()));
    }
}
