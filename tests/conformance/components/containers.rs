//! Container steps.

use kfp_sdk::prelude::*;

/// Write a string and a newline.
#[component(image = "busybox:1.36", command = ["sh", "-c", "echo \"$0\" > \"$1\""], args = ["{inputs.name}", "{outputs.greeting.path}"])]
#[output(greeting)]
pub(crate) fn greet(name: String) -> String;

/// Copy a value unchanged.
#[component(image = "busybox:1.36", command = ["sh", "-c", "printf %s \"$0\" > \"$1\""], args = ["{inputs.value}", "{outputs.copy.path}"])]
#[output(copy)]
pub(crate) fn copy_text(value: String) -> String;

/// Copy an integer.
#[component(image = "busybox:1.36", command = ["sh", "-c", "printf %s \"$0\" > \"$1\""], args = ["{inputs.value}", "{outputs.copy.path}"])]
#[output(copy)]
pub(crate) fn copy_integer(value: i64) -> i64;

/// Copy a list as JSON.
#[component(image = "busybox:1.36", command = ["sh", "-c", "printf %s \"$0\" > \"$1\""], args = ["{inputs.value.json}", "{outputs.copy.path}"])]
#[output(copy)]
pub(crate) fn copy_list(value: Vec<i64>) -> Vec<i64>;

/// Copy a file in uppercase.
#[component(image = "busybox:1.36", command = ["sh", "-c", "tr a-z A-Z < \"$0\" > \"$1\""], args = ["{inputs.quiet.path}", "{outputs.loud.path}"])]
pub(crate) fn container_shout(quiet: Input<Dataset>, loud: Output<Dataset>);

/// Write a folder with a folder in it.
#[component(image = "busybox:1.36", command = ["sh", "-c", "mkdir -p \"$0/deep\" && echo top > \"$0/top\" && echo deep > \"$0/deep/file\""], args = ["{outputs.folder.path}"])]
pub(crate) fn container_folder(folder: Output<Dataset>);

/// Write a word although a number is expected.
#[component(image = "busybox:1.36", command = ["sh", "-c", "echo many > \"$0\""], args = ["{outputs.number.path}"])]
#[output(number)]
pub(crate) fn container_nonsense() -> i64;

/// Exit with an exit code.
#[component(image = "busybox:1.36", command = ["sh", "-c", "exit \"$0\""], args = ["{inputs.code}"])]
pub(crate) fn container_exit(code: i64);

/// Output some environment variables and the length of a secret.
#[component(image = "busybox:1.36", command = ["sh", "-c", "printf '%s|%s|%s' \"$PLAIN\" \"$REGION\" \"${#KFP_SECRET_TOKEN}\" > \"$0\""], args = ["{outputs.seen.path}"])]
#[output(seen)]
pub(crate) fn container_environment(token: Secret) -> String;

/// Wait longer than any timeout.
#[component(image = "busybox:1.36", command = ["sleep", "3600"])]
pub(crate) fn container_hang();

/// Write all lines of all files, sorted.
#[component(image = "busybox:1.36", command = ["sh", "-c", "find \"$0\" -type f -exec cat {} + | sort > \"$1\""], args = ["{inputs.files.path}", "{outputs.lines.path}"])]
#[output(lines)]
pub(crate) fn container_sort(files: Vec<Input<Dataset>>) -> String;
