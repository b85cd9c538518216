//! Artifacts: files and folders, their metadata, and that nothing is ever overwritten.

use std::collections::BTreeMap;

use kfp_sdk::prelude::*;
use serde_json::json;
use tests::conformance::Run;

use crate::case::Case;
use crate::components::{
    Add, MeasureFile, PythonReadAll, PythonShout, ReadFolder, ReadMetadata, ReadOptional, ReadText,
    ReadTexts, Shout, WriteFolder, WriteLarge, WriteMetrics, WriteModel, WriteNothing, WriteText,
    WriteThenFail, WriteWithMetadata,
};

#[pipeline(name = "files")]
fn files(p: &Pipeline) {
    for (idx, text) in ["", "one\ntwo\n", "{{x}} $(Y) 🇩🇪"].into_iter().enumerate() {
        let file = p.add(WriteText::new().text(text)).name(&format!("write-{idx}")).file;
        p.add(ReadText::new().file(file)).name(&format!("read-{idx}"));
    }
    let model = p.add(WriteModel::new().text("model")).model;
    p.add(ReadText::new().file(model)).name("read-model");
}

#[pipeline(name = "chain-of-files")]
fn chain_of_files(p: &Pipeline, text: In<String>) {
    let quiet = p.add(WriteText::new().text(text)).file;
    let loud = p.add(Shout::new().quiet(quiet)).loud;
    p.add(ReadText::new().file(quiet)).name("read-quiet");
    p.add(ReadText::new().file(loud)).name("read-loud");
}

#[pipeline(name = "folders")]
fn folders(p: &Pipeline) {
    let content =
        BTreeMap::from([("top.txt", "top"), ("a/b/deep.txt", "deep"), ("a/empty", ""), ("ä ö.txt", "ü")]);
    let content: BTreeMap<String, String> =
        content.into_iter().map(|(name, text)| (name.to_owned(), text.to_owned())).collect();
    let folder = p.add(WriteFolder::new().files(content)).folder;
    p.add(ReadFolder::new().folder(folder));
}

#[pipeline(name = "large-file")]
fn large_file(p: &Pipeline, megabytes: In<i64>) {
    let file = p.add(WriteLarge::new().megabytes(megabytes)).file;
    p.add(MeasureFile::new().file(file));
}

#[pipeline(name = "metadata")]
fn metadata(p: &Pipeline, text: In<String>) {
    let file = p.add(WriteWithMetadata::new().text(text)).file;
    p.add(ReadMetadata::new().file(file).names(["framework", "characters", "hostile", "missing"]));
    let metrics = p.add(WriteMetrics::new().accuracy(0.75)).metrics;
    p.add(ReadMetadata::new().file(metrics).names(["accuracy"])).name("read-metrics");
}

#[pipeline(name = "unwritten")]
fn unwritten(p: &Pipeline) {
    let file = p.add(WriteNothing::new()).file;
    p.add(ReadText::new().file(file));
}

#[pipeline(name = "optional-artifact")]
fn optional_artifact(p: &Pipeline, go: In<bool>) {
    let file = p.add(WriteText::new().text("always")).name("always").file;
    let maybe = p.when("arm", go, |p| p.add(Shout::new().quiet(file)).loud).or_none();
    p.add(ReadOptional::new().file(maybe)).name("optional");
    p.add(ReadText::new().file(maybe.or(file))).name("fallback");
    p.add(ReadOptional::new()).name("absent");
}

#[pipeline(name = "inner-with-files")]
fn inner_with_files(p: &Pipeline, text: In<String>) -> Out<Dataset> {
    let quiet = p.add(WriteText::new().text(text)).file;
    p.add(Shout::new().quiet(quiet)).loud
}

#[pipeline(name = "same-pipeline-twice")]
fn same_pipeline_twice(p: &Pipeline) {
    let first = p.add(InnerWithFiles::new().text("first")).name("one").output;
    let second = p.add(InnerWithFiles::new().text("second")).name("two").output;
    p.add(ReadTexts::new().files([first, second]));
    p.add(ReadText::new().file(first)).name("read-first");
}

#[pipeline(name = "pipeline-with-files-in-a-loop")]
fn pipeline_with_files_in_a_loop(p: &Pipeline) {
    let all = p
        .parallel_for(["a", "b", "c"])
        .each(|p, text| p.add(InnerWithFiles::new().text(text)).name("inner").output);
    p.add(ReadTexts::new().files(all));
}

#[pipeline(name = "inner-that-reads")]
fn inner_that_reads(p: &Pipeline, file: In<Dataset>) -> Out<Dataset> {
    p.add(ReadText::new().file(file)).name("inside");
    p.add(Shout::new().quiet(file)).loud
}

#[pipeline(name = "outer-that-reads")]
fn outer_that_reads(p: &Pipeline, file: In<Dataset>) -> Out<Dataset> {
    p.add(InnerThatReads::new().file(file)).name("inner").output
}

#[pipeline(name = "files-through-two-pipelines")]
fn files_through_two_pipelines(p: &Pipeline) {
    let file = p.add(WriteText::new().text("deep")).file;
    let loud = p.add(OuterThatReads::new().file(file)).name("outer").output;
    p.add(ReadText::new().file(loud)).name("outside");
}

#[pipeline(name = "folder-after-a-failed-try")]
fn folder_after_a_failed_try(p: &Pipeline) {
    let folder = p.add(WriteThenFail::new().last(3)).retry(Retry::times(3)).folder;
    p.add(ReadFolder::new().folder(folder));
}

#[pipeline(name = "files-through-python")]
fn files_through_python(p: &Pipeline) {
    let quiet = p.add(WriteText::new().text("snake")).file;
    let loud = p.add(PythonShout::new().quiet(quiet));
    p.add(ReadText::new().file(loud.loud));
    p.add(ReadMetadata::new().file(loud.loud).names(["characters"]));
    let files =
        p.parallel_for(["x", "y"]).each(|p, text| p.add(WriteText::new().text(text)).name("each").file);
    p.add(PythonReadAll::new().files(files));
}

#[pipeline(name = "artifact-as-input")]
fn artifact_as_input(p: &Pipeline, file: In<Dataset>) {
    let loud = p.add(Shout::new().quiet(file)).loud;
    p.add(ReadText::new().file(loud));
}

#[pipeline(name = "import", type = "ImportCase")]
fn import(p: &Pipeline, location: In<String>) {
    let imported = p.import::<Dataset>(location).name("imported");
    let file = imported.metadata("source", "outside").metadata("rows", json!(3)).artifact;
    p.add(ReadText::new().file(file));
    p.add(ReadMetadata::new().file(file).names(["source", "rows"]));
}

#[pipeline(name = "import-of-nothing")]
fn import_of_nothing(p: &Pipeline, location: In<String>) {
    let file = p.import::<Dataset>(location).name("imported").artifact;
    p.add(ReadText::new().file(file));
}

#[pipeline(name = "same-file-many-readers")]
fn same_file_many_readers(p: &Pipeline) {
    let file = p.add(WriteText::new().text("shared")).file;
    p.parallel_for([1_i64, 2, 3]).each(|p, item| {
        p.add(ReadText::new().file(file)).name("read");
        p.add(Add::new().a(item));
    });
    p.add(ReadTexts::new().files([file, file])).name("twice");
}

fn plain() -> Vec<Case> {
    let text = |text: &str| Run::succeeds().argument("text", text);
    let content = json!({"top.txt": "top", "a/b/deep.txt": "deep", "a/empty": "", "ä ö.txt": "ü"});
    let hostile = "{{=1+1}} $(HOME)\n\"é\"";
    vec![
        Case::new("files", Files::definition).run(
            Run::succeeds()
                .succeeded("write-0")
                .returned("read-0", "")
                .succeeded("write-1")
                .returned("read-1", "one\ntwo\n")
                .succeeded("write-2")
                .returned("read-2", "{{x}} $(Y) 🇩🇪")
                .succeeded("write-model")
                .returned("read-model", "model"),
        ),
        Case::new("chain-of-files", ChainOfFiles::definition).run(
            text("word")
                .succeeded("write-text")
                .succeeded("shout")
                .returned("read-quiet", "word")
                .returned("read-loud", "WORD"),
        ),
        Case::new("folders", Folders::definition)
            .run(Run::succeeds().succeeded("write-folder").returned("read-folder", content)),
        // 50 MiB; 2 KiB at both ends are `x`.
        Case::new("large-file", LargeFile::definition).run(
            Run::succeeds().argument("megabytes", 50).succeeded("write-large").returned_all(
                "measure-file",
                json!({"bytes": 52_428_800, "ends": kfp_compiler::digest::sha256_hex(&[b'x'; 2048])}),
            ),
        ),
        Case::new("metadata", Metadata::definition).run(
            text(hostile)
                .succeeded("write-with-metadata")
                .returned("read-metadata", json!({"framework": "none", "characters": 20, "hostile": hostile}))
                .succeeded("write-metrics")
                .returned("read-metrics", json!({"accuracy": 0.75})),
        ),
        Case::new("unwritten", Unwritten::definition)
            .run(Run::fails().failed_with("write-nothing", 10).omitted(&["read-text"])),
        Case::new("optional-artifact", OptionalArtifact::definition)
            .run(
                Run::succeeds()
                    .argument("go", true)
                    .succeeded("always")
                    .succeeded("shout")
                    .returned("optional", "ALWAYS")
                    .returned("fallback", "ALWAYS")
                    .returned("absent", "nothing"),
            )
            .run(
                Run::succeeds()
                    .argument("go", false)
                    .succeeded("always")
                    .skipped(&["shout"])
                    .returned("optional", "nothing")
                    .returned("fallback", "always")
                    .returned("absent", "nothing"),
            ),
        Case::new("same-file-many-readers", SameFileManyReaders::definition).run(
            (0..3)
                .fold(Run::succeeds(), |run, idx| {
                    run.returned(&format!("{idx}/read"), "shared").returned(&format!("{idx}/add"), idx + 2)
                })
                .succeeded("write-text")
                .returned("twice", json!(["shared", "shared"])),
        ),
    ]
}

fn in_pipelines() -> Vec<Case> {
    let looped = (0..3).fold(Run::succeeds(), |run, idx| {
        run.succeeded(&format!("{idx}/inner/write-text")).succeeded(&format!("{idx}/inner/shout"))
    });
    vec![
        Case::new("same-pipeline-twice", SamePipelineTwice::definition).run(
            Run::succeeds()
                .succeeded("one/write-text")
                .succeeded("one/shout")
                .succeeded("two/write-text")
                .succeeded("two/shout")
                .returned("read-texts", json!(["FIRST", "SECOND"]))
                .returned("read-first", "FIRST"),
        ),
        Case::new("pipeline-with-files-in-a-loop", PipelineWithFilesInALoop::definition)
            .run(looped.returned("read-texts", json!(["A", "B", "C"]))),
        Case::new("files-through-two-pipelines", FilesThroughTwoPipelines::definition).run(
            Run::succeeds()
                .succeeded("write-text")
                .returned("outer/inner/inside", "deep")
                .succeeded("outer/inner/shout")
                .returned("outside", "DEEP"),
        ),
    ]
}

fn from_elsewhere() -> Vec<Case> {
    vec![
        Case::new("folder-after-a-failed-try", FolderAfterAFailedTry::definition).run(
            Run::succeeds()
                .succeeded("write-then-fail")
                .attempts("write-then-fail", 3)
                .returned("read-folder", json!({"attempt-3": "3"})),
        ),
        Case::new("files-through-python", FilesThroughPython::definition).run(
            Run::succeeds()
                .succeeded("write-text")
                .returned("python-shout", 5)
                .returned("read-text", "SNAKE")
                .returned("read-metadata", json!({"characters": 5}))
                .succeeded("0/each")
                .succeeded("1/each")
                .returned("python-read-all", json!(["x", "y"])),
        ),
        Case::new("artifact-as-input", ArtifactAsInput::definition).run(
            Run::succeeds()
                .file("input.txt", "from outside")
                .argument("file", "@folder/input.txt")
                .succeeded("shout")
                .returned("read-text", "FROM OUTSIDE"),
        ),
        Case::new("import", ImportCase::definition)
            .run(
                Run::succeeds()
                    .file("input.txt", "from outside")
                    .argument("location", "@folder/input.txt")
                    .succeeded("imported")
                    .returned("read-text", "from outside")
                    .returned("read-metadata", json!({"source": "outside", "rows": 3})),
            )
            .run(
                Run::refuses()
                    .argument("location", "ftp://elsewhere/input.txt")
                    .refused("imported")
                    .omitted(&["read-text", "read-metadata"]),
            ),
        Case::new("import-of-nothing", ImportOfNothing::definition)
            .local_only(
                "Argo does not check URIs below the pipeline root, so the step that reads the file fails instead",
            )
            .run(
                Run::fails()
                    .argument("location", "@folder/nowhere.txt")
                    .failed("imported")
                    .omitted(&["read-text"]),
            )
            .run(
                Run::succeeds()
                    .file("lake/rows/input.txt", "from a lake")
                    .argument("location", "lake://rows/input.txt")
                    .succeeded("imported")
                    .returned("read-text", "from a lake"),
            ),
    ]
}

pub(super) fn cases() -> Vec<Case> {
    [plain(), in_pipelines(), from_elsewhere()].into_iter().flatten().collect()
}
