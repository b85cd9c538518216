//! Artifacts: files and folders, what is known about them, and that nothing is ever overwritten.

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
                .did("write-0")
                .gave("read-0", "")
                .did("write-1")
                .gave("read-1", "one\ntwo\n")
                .did("write-2")
                .gave("read-2", "{{x}} $(Y) 🇩🇪")
                .did("write-model")
                .gave("read-model", "model"),
        ),
        Case::new("chain-of-files", ChainOfFiles::definition).run(
            text("word").did("write-text").did("shout").gave("read-quiet", "word").gave("read-loud", "WORD"),
        ),
        Case::new("folders", Folders::definition)
            .run(Run::succeeds().did("write-folder").gave("read-folder", content)),
        // 50 MiB, of which the ends are 2 KiB of `x`.
        Case::new("large-file", LargeFile::definition).run(
            Run::succeeds().argument("megabytes", 50).did("write-large").gave_all(
                "measure-file",
                json!({"bytes": 52_428_800, "ends": kfp_compiler::digest::sha256_hex(&[b'x'; 2048])}),
            ),
        ),
        Case::new("metadata", Metadata::definition).run(
            text(hostile)
                .did("write-with-metadata")
                .gave("read-metadata", json!({"framework": "none", "characters": 20, "hostile": hostile}))
                .did("write-metrics")
                .gave("read-metrics", json!({"accuracy": 0.75})),
        ),
        Case::new("unwritten", Unwritten::definition)
            .run(Run::fails().failed_with("write-nothing", 10).omitted(&["read-text"])),
        Case::new("optional-artifact", OptionalArtifact::definition)
            .run(
                Run::succeeds()
                    .argument("go", true)
                    .did("always")
                    .did("shout")
                    .gave("optional", "ALWAYS")
                    .gave("fallback", "ALWAYS")
                    .gave("absent", "nothing"),
            )
            .run(
                Run::succeeds()
                    .argument("go", false)
                    .did("always")
                    .skipped(&["shout"])
                    .gave("optional", "nothing")
                    .gave("fallback", "always")
                    .gave("absent", "nothing"),
            ),
        Case::new("same-file-many-readers", SameFileManyReaders::definition).run(
            (0..3)
                .fold(Run::succeeds(), |run, idx| {
                    run.gave(&format!("{idx}/read"), "shared").gave(&format!("{idx}/add"), idx + 2)
                })
                .did("write-text")
                .gave("twice", json!(["shared", "shared"])),
        ),
    ]
}

fn in_pipelines() -> Vec<Case> {
    let looped = (0..3).fold(Run::succeeds(), |run, idx| {
        run.did(&format!("{idx}/inner/write-text")).did(&format!("{idx}/inner/shout"))
    });
    vec![
        Case::new("same-pipeline-twice", SamePipelineTwice::definition).run(
            Run::succeeds()
                .did("one/write-text")
                .did("one/shout")
                .did("two/write-text")
                .did("two/shout")
                .gave("read-texts", json!(["FIRST", "SECOND"]))
                .gave("read-first", "FIRST"),
        ),
        Case::new("pipeline-with-files-in-a-loop", PipelineWithFilesInALoop::definition)
            .run(looped.gave("read-texts", json!(["A", "B", "C"]))),
        Case::new("files-through-two-pipelines", FilesThroughTwoPipelines::definition).run(
            Run::succeeds()
                .did("write-text")
                .gave("outer/inner/inside", "deep")
                .did("outer/inner/shout")
                .gave("outside", "DEEP"),
        ),
    ]
}

fn from_elsewhere() -> Vec<Case> {
    vec![
        Case::new("folder-after-a-failed-try", FolderAfterAFailedTry::definition).run(
            Run::succeeds()
                .did("write-then-fail")
                .tried("write-then-fail", 3)
                .gave("read-folder", json!({"attempt-3": "3"})),
        ),
        Case::new("files-through-python", FilesThroughPython::definition).run(
            Run::succeeds()
                .did("write-text")
                .gave("python-shout", 5)
                .gave("read-text", "SNAKE")
                .gave("read-metadata", json!({"characters": 5}))
                .did("0/each")
                .did("1/each")
                .gave("python-read-all", json!(["x", "y"])),
        ),
        Case::new("artifact-as-input", ArtifactAsInput::definition).run(
            Run::succeeds()
                .file("input.txt", "from outside")
                .argument("file", "@folder/input.txt")
                .did("shout")
                .gave("read-text", "FROM OUTSIDE"),
        ),
        Case::new("import", ImportCase::definition)
            .run(
                Run::succeeds()
                    .file("input.txt", "from outside")
                    .argument("location", "@folder/input.txt")
                    .did("imported")
                    .gave("read-text", "from outside")
                    .gave("read-metadata", json!({"source": "outside", "rows": 3})),
            )
            .run(
                Run::refuses()
                    .argument("location", "ftp://elsewhere/input.txt")
                    .refused("imported")
                    .omitted(&["read-text", "read-metadata"]),
            ),
        Case::new("import-of-nothing", ImportOfNothing::definition)
            .local_only(
                "Argo looks at no URI below the pipeline root: it is the step behind that finds nothing",
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
                    .did("imported")
                    .gave("read-text", "from a lake"),
            ),
    ]
}

pub(super) fn cases() -> Vec<Case> {
    [plain(), in_pipelines(), from_elsewhere()].into_iter().flatten().collect()
}
