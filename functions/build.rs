//! Embeds the files of the console and the invitation page. Compresses them with gzip, because API
//! Gateway does not compress responses.

use std::error::Error;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;
use std::{env, fs};

use flate2::{Compression, GzBuilder};

fn main() -> Result<(), Box<dyn Error>> {
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("run this script with cargo")?);
    let root =
        PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").ok_or("run this script with cargo")?);
    println!("cargo::rerun-if-changed=console/page");
    let mut files: Vec<PathBuf> = fs::read_dir("console/page")?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<_, std::io::Error>>()?;
    files.sort();
    let mut assets = String::new();
    let mut names = String::new();
    for file in files {
        let (Some(name), Some(extension)) = (text(file.file_name()), text(file.extension())) else {
            return Err(format!("{} has no name or extension", file.display()).into());
        };
        let content_type = match extension {
            "js" => "text/javascript; charset=utf-8",
            "css" => "text/css; charset=utf-8",
            "svg" => "image/svg+xml",
            _ => continue,
        };
        println!("cargo::rerun-if-changed={}", file.display());
        let mut gzip = GzBuilder::new().write(Vec::new(), Compression::best());
        gzip.write_all(&fs::read(&file)?)?;
        let compressed = out.join(format!("{name}.gz"));
        fs::write(&compressed, gzip.finish()?)?;
        let is_immutable = extension != "svg";
        let (plain, gzip) = (root.join(&file), compressed);
        writeln!(
            assets,
            "Asset {{ name: {name:?}, content_type: {content_type:?}, is_immutable: {is_immutable}, \
             plain: include_bytes!(r#\"{}\"#), gzip: include_bytes!(r#\"{}\"#) }},",
            plain.display(),
            gzip.display(),
        )?;
        // The entry points have names such as `console.4AB2CD3E.js`.
        for page in ["console", "invitation"] {
            if name.split('.').next() == Some(page) {
                writeln!(
                    names,
                    "const {}_{}: &str = {name:?};",
                    page.to_uppercase(),
                    extension.to_uppercase()
                )?;
            }
        }
    }
    fs::write(out.join("assets.rs"), format!("{names}static ASSETS: &[Asset] = &[{assets}];\n"))?;
    Ok(())
}

fn text(part: Option<&std::ffi::OsStr>) -> Option<&str> {
    part?.to_str()
}
