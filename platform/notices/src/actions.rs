//! What can be done here, and who may do it.

use identity::{Action, Who};

/// One's own notices.
pub const INBOX: Action = Action { key: "notices.inbox", label: "查看自己的消息", who: Who::SignedIn };

/// All of them, for the access matrix.
pub const ACTIONS: &[&Action] = &[&INBOX];
