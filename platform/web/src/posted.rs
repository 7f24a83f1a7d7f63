//! What a form sent, after its token was checked: plain forms as [`Posted`], forms with files as [`Upload`].

use crate::{csrf, csrf::Csrf, errors::WebError, form::FormState};
use axum::{
    body::Bytes,
    extract::{DefaultBodyLimit, FromRequest, FromRequestParts, Multipart, Request, multipart::MultipartError},
    http::{HeaderMap, header},
    middleware::{Next, from_fn},
    response::IntoResponse,
    routing::MethodRouter,
};
use std::convert::Infallible;

/// A route whose forms may be as large as this, in bytes. A request that says that it is larger is refused before anything of
/// it is read; one that says nothing is read up to there.
pub fn limited<S: Clone + Send + Sync + 'static>(router: MethodRouter<S>, most: usize) -> MethodRouter<S> {
    let early = from_fn(move |request: Request, next: Next| async move {
        if said_length(request.headers()).is_some_and(|length| length > most as u64) {
            return WebError::TooLarge.into_response();
        }
        next.run(request).await
    });
    router.layer::<_, Infallible>(DefaultBodyLimit::max(most)).layer::<_, Infallible>(early)
}

/// The length that a request says its body has.
fn said_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.trim().parse().ok()
}

/// The fields of a form without files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Posted {
    pairs: Vec<(String, String)>,
}

impl Posted {
    /// Fields as given: for tests and for JSON that is to be read like a form.
    #[must_use]
    pub const fn from_pairs(pairs: Vec<(String, String)>) -> Self {
        Self { pairs }
    }

    /// The first value under a name, as typed.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The first value under a name without blanks around it, or "".
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.get(name).unwrap_or_default().trim()
    }

    /// All values under a name (ticks).
    #[must_use]
    pub fn all(&self, name: &str) -> Vec<&str> {
        self.pairs.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str()).collect()
    }

    /// The pairs in their order, the token left out.
    #[must_use]
    pub fn pairs(&self) -> &[(String, String)] {
        &self.pairs
    }

    /// A form's state with what was typed and no errors yet.
    #[must_use]
    pub fn form(&self) -> FormState {
        FormState::typed(self.pairs.clone())
    }

    fn checked(mut pairs: Vec<(String, String)>, pair: &Csrf, header: Option<&str>) -> Result<Self, WebError> {
        let token = pairs.iter().find(|(key, _)| key == csrf::FIELD).map(|(_, value)| value.clone());
        pair.check(token.as_deref().or(header).unwrap_or_default())?;
        pairs.retain(|(key, _)| key != csrf::FIELD);
        Ok(Self { pairs })
    }
}

impl<S: Send + Sync> FromRequest<S> for Posted {
    type Rejection = WebError;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        let (mut parts, body) = request.into_parts();
        let pair = Csrf::from_request_parts(&mut parts, state).await?;
        let header = token_header(&parts.headers);
        let bytes =
            Bytes::from_request(Request::from_parts(parts, body), state).await.map_err(|_| WebError::TooLarge)?;
        let pairs = form_urlencoded::parse(&bytes).map(|(key, value)| (key.into_owned(), value.into_owned())).collect();
        Self::checked(pairs, &pair, header.as_deref())
    }
}

/// A file that came with a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadedFile {
    /// The field's name.
    pub field: String,
    /// The file's name on the sender's machine; never a path to write to.
    pub file_name: String,
    /// The content, whole. The route's body limit bounds it.
    pub bytes: Bytes,
}

/// The fields and files of a form with files. Its size is bounded by the route's `DefaultBodyLimit`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Upload {
    /// The plain fields.
    pub posted: Posted,
    /// The files, without fields that were left empty.
    pub files: Vec<UploadedFile>,
}

impl Upload {
    /// The file of a field.
    #[must_use]
    pub fn file(&self, field: &str) -> Option<&UploadedFile> {
        self.files.iter().find(|file| file.field == field)
    }
}

impl<S: Send + Sync> FromRequest<S> for Upload {
    type Rejection = WebError;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        let (mut parts, body) = request.into_parts();
        let pair = Csrf::from_request_parts(&mut parts, state).await?;
        let header = token_header(&parts.headers);
        let mut multipart = Multipart::from_request(Request::from_parts(parts, body), state)
            .await
            .map_err(|_| WebError::bad_request("表单没有按文件上传的方式提交", "请在页面上选择文件后提交"))?;
        let (mut pairs, mut files) = (Vec::new(), Vec::new());
        while let Some(field) = multipart.next_field().await.map_err(broken)? {
            let name = field.name().unwrap_or_default().to_owned();
            match field.file_name().map(str::to_owned) {
                Some(file_name) => {
                    let bytes = field.bytes().await.map_err(broken)?;
                    if !file_name.is_empty() {
                        files.push(UploadedFile { field: name, file_name, bytes });
                    }
                }
                None => pairs.push((name, field.text().await.map_err(broken)?)),
            }
        }
        let posted = Posted::checked(pairs, &pair, header.as_deref())?;
        Ok(Self { posted, files })
    }
}

fn token_header(headers: &axum::http::HeaderMap) -> Option<String> {
    headers.get(csrf::HEADER)?.to_str().ok().map(str::to_owned)
}

fn broken(error: MultipartError) -> WebError {
    if error.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
        WebError::TooLarge
    } else {
        WebError::bad_request("文件没有传完整", "请检查网络后重新上传；原来的内容没有改变")
    }
}
