#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| dingtalk_runtime::fuzzing::time(data));
