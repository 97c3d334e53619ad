//! Packs the console's files, so that they are sent small: API Gateway packs nothing.

use std::error::Error;
use std::io::Write as _;
use std::path::Path;
use std::{env, fs};

use flate2::{Compression, GzBuilder};

fn main() -> Result<(), Box<dyn Error>> {
    let out = env::var_os("OUT_DIR").ok_or("cargo names no directory")?;
    for file in ["console.js", "console.css"] {
        let path = Path::new("console/page").join(file);
        println!("cargo::rerun-if-changed={}", path.display());
        let mut packed = GzBuilder::new().write(Vec::new(), Compression::best());
        packed.write_all(&fs::read(&path)?)?;
        fs::write(Path::new(&out).join(format!("{file}.gz")), packed.finish()?)?;
    }
    Ok(())
}
