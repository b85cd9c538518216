//! Container steps: they take values and paths through placeholders, and write files.

use kfp_sdk::prelude::*;
use serde_json::json;
use tests::conformance::Run;

use crate::case::Case;
use crate::components::{
    ContainerEnvironment, ContainerExit, ContainerFolder, ContainerHang, ContainerNonsense, ContainerShout,
    ContainerSort, CopyInteger, CopyList, CopyText, EchoInteger, EchoText, Greet, ReadFolder, ReadText,
    WriteText,
};

#[pipeline(name = "container-values")]
fn container_values(p: &Pipeline, name: In<String>) {
    // One newline at the end belongs to the file and not to the value.
    let greeting = p.add(Greet::new().name(name)).greeting;
    p.add(EchoText::new().value(greeting)).name("read");
    p.add(CopyInteger::new().value(i64::MAX));
    p.add(CopyList::new().value([1, 2, 3]));
}

#[pipeline(name = "container-texts")]
fn container_texts(p: &Pipeline) {
    for (idx, text) in
        ["", "a b", "$(HOME) $$", "it's \"x\" \\", "two\nlines", "🇩🇪", "null"].into_iter().enumerate()
    {
        p.add(CopyText::new().value(text)).name(&format!("copy-{idx}"));
    }
}

#[pipeline(name = "container-files")]
fn container_files(p: &Pipeline) {
    let quiet = p.add(WriteText::new().text("quiet")).file;
    let loud = p.add(ContainerShout::new().quiet(quiet)).loud;
    p.add(ReadText::new().file(loud));
    let folder = p.add(ContainerFolder::new()).folder;
    p.add(ReadFolder::new().folder(folder));
}

#[pipeline(name = "container-fails")]
fn container_fails(p: &Pipeline) {
    let failed = p.add(ContainerExit::new().code(3)).name("three").retry(Retry::times(1));
    p.add(EchoText::new().value("behind")).name("behind").after(&failed);
    p.add(ContainerExit::new().code(0)).name("zero");
}

#[pipeline(name = "container-surroundings")]
fn container_surroundings(p: &Pipeline, token: In<Secret>) {
    p.add(ContainerEnvironment::new().token(token)).env("PLAIN", "$(HOME) {{x}}").env_from_config_map(
        "REGION",
        "conformance-port",
        "region",
    );
}

#[pipeline(name = "container-hangs")]
fn container_hangs(p: &Pipeline) {
    let slow = p.add(ContainerHang::new()).name("slow").timeout("1s");
    p.add(EchoText::new().value("behind")).name("behind").after(&slow);
}

#[pipeline(name = "container-reads-a-list")]
fn container_reads_a_list(p: &Pipeline) {
    let files = p.parallel_for(["b\n", "a\n"]).each(|p, text| p.add(WriteText::new().text(text)).file);
    let lines = p.add(ContainerSort::new().files(files)).lines;
    p.add(EchoText::new().value(lines)).name("read");
}

#[pipeline(name = "container-writes-nonsense")]
fn container_writes_nonsense(p: &Pipeline) {
    let number = p.add(ContainerNonsense::new()).number;
    let read = p.add(EchoInteger::new().value(number)).name("read");
    p.add(EchoText::new().value("behind")).name("behind").after(&read);
    p.add(EchoText::new().value("beside")).name("beside");
}

pub(super) fn cases() -> Vec<Case> {
    let texts = ["", "a b", "$(HOME) $$", "it's \"x\" \\", "two\nlines", "🇩🇪", "null"];
    let copies = texts.iter().enumerate().fold(Run::succeeds(), |run, (idx, text)| {
        run.returned_all(&format!("copy-{idx}"), json!({"copy": text}))
    });
    let all = vec![
        Case::new("container-values", ContainerValues::definition).run(
            Run::succeeds()
                .argument("name", "$(HOME) 🇩🇪")
                .returned_all("greet", json!({"greeting": "$(HOME) 🇩🇪"}))
                .returned("read", "$(HOME) 🇩🇪")
                .returned_all("copy-integer", json!({"copy": i64::MAX}))
                .returned_all("copy-list", json!({"copy": [1, 2, 3]})),
        ),
        Case::new("container-texts", ContainerTexts::definition).run(copies),
        Case::new("container-files", ContainerFiles::definition).run(
            Run::succeeds()
                .succeeded("write-text")
                .succeeded("container-shout")
                .returned("read-text", "QUIET")
                .succeeded("container-folder")
                .returned("read-folder", json!({"top": "top\n", "deep/file": "deep\n"})),
        ),
        Case::new("container-fails", ContainerFails::definition).run(
            Run::fails().failed_with("three", 3).attempts("three", 2).omitted(&["behind"]).succeeded("zero"),
        ),
        Case::new("container-surroundings", ContainerSurroundings::definition).run(
            Run::succeeds()
                .argument("token", "conformance-port/token")
                .secret("conformance-port/token", "12345")
                .config_map("conformance-port/region", "north")
                .returned_all("container-environment", json!({"seen": "$(HOME) {{x}}|north|5"})),
        ),
        Case::new("container-hangs", ContainerHangs::definition)
            .run(Run::fails().failed("slow").omitted(&["behind"])),
        Case::new("container-reads-a-list", ContainerReadsAList::definition).run(
            Run::succeeds()
                .succeeded("0/write-text")
                .succeeded("1/write-text")
                .returned_all("container-sort", json!({"lines": "a\nb"}))
                .returned("read", "a\nb"),
        ),
        Case::new("container-writes-nonsense", ContainerWritesNonsense::definition).run(
            Run::refuses()
                .refused("container-nonsense")
                .omitted(&["read", "behind"])
                .returned("beside", "beside"),
        ),
    ];
    all.into_iter().map(Case::needs_containers).collect()
}
