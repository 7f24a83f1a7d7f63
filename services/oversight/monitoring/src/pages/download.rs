//! Files to take away: workbooks and documents, under a name people can read.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use documents::sheet::{Workbook, write_xlsx};
use web::WebError;

/// Kind of an Excel file.
pub(crate) const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// Kind of a Word file.
pub(crate) const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
/// Kind of a PDF.
pub(crate) const PDF: &str = "application/pdf";
/// Kind of a drawing.
pub(crate) const SVG: &str = "image/svg+xml";

/// A workbook as a download; the name is without its ending.
///
/// # Errors
/// When the workbook cannot be written.
pub fn workbook(workbook: &Workbook, name: &str) -> Result<Response, WebError> {
    let bytes = write_xlsx(workbook).map_err(WebError::Invalid)?;
    Ok(attachment(bytes, XLSX, &format!("{name}.xlsx")))
}

/// Bytes as a download. Browsers read the second form of the name, which may hold Chinese.
#[must_use]
pub fn attachment(bytes: Vec<u8>, kind: &'static str, name: &str) -> Response {
    let ending = name.rsplit_once('.').map_or("bin", |(_, ending)| ending);
    let disposition = format!("attachment; filename=\"zhaoxi.{ending}\"; filename*=UTF-8''{}", encoded(name));
    let mut answer = bytes.into_response();
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Ok(value) = HeaderValue::from_str(&disposition) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    answer
}

/// Percent-encoding of RFC 8187: letters, digits and a few marks stay.
fn encoded(name: &str) -> String {
    name.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chinese_name_travels_whole() {
        let answer = attachment(vec![1], PDF, "季度通报 1.pdf");
        let said = answer.headers().get(header::CONTENT_DISPOSITION).unwrap().to_str().unwrap();
        assert!(said.ends_with("filename*=UTF-8''%E5%AD%A3%E5%BA%A6%E9%80%9A%E6%8A%A5%201.pdf"), "{said}");
        assert!(said.contains("filename=\"zhaoxi.pdf\""));
    }
}
