//! Compresses the console's script and style sheet with gzip, because API Gateway does not compress
//! responses.

use std::error::Error;
use std::io::Write as _;
use std::path::Path;
use std::{env, fs};

use flate2::{Compression, GzBuilder};

fn main() -> Result<(), Box<dyn Error>> {
    let out = env::var_os("OUT_DIR").ok_or("OUT_DIR is not set; run this script with cargo")?;
    for file in ["console.js", "console.css"] {
        let path = Path::new("console/page").join(file);
        println!("cargo::rerun-if-changed={}", path.display());
        let mut gzip = GzBuilder::new().write(Vec::new(), Compression::best());
        gzip.write_all(&fs::read(&path)?)?;
        fs::write(Path::new(&out).join(format!("{file}.gz")), gzip.finish()?)?;
    }
    Ok(())
}
