//! Room on the disk, taken before it is needed.

use std::fs::File;
use std::io;

/// Makes a file as long as it will be, with room for all of it where the file system can promise that.
#[cfg(any(target_os = "linux", target_os = "android", target_os = "freebsd"))]
pub(super) fn preallocate(file: &File, length: u64) -> io::Result<()> {
    use rustix::io::Errno;
    if length > 0 {
        match rustix::fs::fallocate(file, rustix::fs::FallocateFlags::empty(), 0, length) {
            // Or a file system that promises nothing.
            Ok(()) | Err(Errno::OPNOTSUPP | Errno::NOSYS | Errno::INVAL) => {}
            Err(error) => return Err(error.into()),
        }
    }
    file.set_len(length)
}

/// Makes a file as long as it will be.
#[cfg(not(any(target_os = "linux", target_os = "android", target_os = "freebsd")))]
pub(super) fn preallocate(file: &File, length: u64) -> io::Result<()> {
    file.set_len(length)
}
