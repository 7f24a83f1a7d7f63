//! Stands in for the network client that the FEEL library asks for: the names it uses, and no network behind them.

/// Why a request has no answer: there is no network here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Error;

impl std::fmt::Display for Error {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("functions of other programs cannot be called")
    }
}

impl std::error::Error for Error {}

/// Requests that wait for their answer.
pub mod blocking {
    use super::Error;

    /// A client without a network.
    #[derive(Debug, Clone, Copy, Default)]
    pub struct Client;

    /// A request that will not be sent.
    #[derive(Debug, Clone, Copy)]
    pub struct RequestBuilder;

    /// An answer that never comes.
    #[derive(Debug, Clone, Copy)]
    pub struct Response;

    impl Client {
        /// The client.
        #[must_use]
        pub fn new() -> Self {
            Self
        }

        /// A request.
        pub fn post<U>(&self, _address: U) -> RequestBuilder {
            RequestBuilder
        }
    }

    impl RequestBuilder {
        /// The same request: what it would carry does not matter.
        #[must_use]
        pub fn json<T: ?Sized>(self, _body: &T) -> Self {
            self
        }

        /// Sends nothing.
        ///
        /// # Errors
        /// Always.
        pub fn send(self) -> Result<Response, Error> {
            Err(Error)
        }
    }

    impl Response {
        /// Reads nothing.
        ///
        /// # Errors
        /// Always.
        pub fn json<T>(self) -> Result<T, Error> {
            Err(Error)
        }
    }
}
