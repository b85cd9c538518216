//! A program of steps that hands over to a script, for tests that start `kfpc`, which runs no scripts as `--binary`.

use std::env;
use std::os::unix::process::CommandExt as _;
use std::process::Command;

fn main() {
    let (Some(python), Some(script)) = (env::var_os("KFP_TEST_PYTHON"), env::var_os("KFP_TEST_SCRIPT"))
    else {
        panic!("KFP_TEST_PYTHON and KFP_TEST_SCRIPT name what to run");
    };
    let error = Command::new(python).arg("-S").arg(script).args(env::args_os().skip(1)).exec();
    panic!("the script cannot be started: {error}");
}
