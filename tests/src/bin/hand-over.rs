//! A step binary that executes a script, for tests that start `kfpc`, which does not accept scripts as `--binary`.

use std::env;
use std::os::unix::process::CommandExt as _;
use std::process::Command;

fn main() {
    let (Some(python), Some(script)) = (env::var_os("KFP_TEST_PYTHON"), env::var_os("KFP_TEST_SCRIPT"))
    else {
        panic!("KFP_TEST_PYTHON and KFP_TEST_SCRIPT must be set");
    };
    let error = Command::new(python).arg("-S").arg(script).args(env::args_os().skip(1)).exec();
    panic!("cannot start the script: {error}");
}
