//! What can be done here, and who may do it.

use crate::{Action, Role, Who};

const SECURITY: Who = Who::Roles(&[Role::SecurityAdmin]);
/// Done by the program alone.
const NOBODY: Who = Who::Roles(&[]);

/// Logging in.
pub const LOGIN: Action = Action { key: "identity.login", label: "登录", who: Who::Public };
/// An attempt to log in that was refused.
pub const LOGIN_REFUSE: Action = Action { key: "identity.login.refuse", label: "拒绝登录", who: NOBODY };
/// Logging out.
pub const LOGOUT: Action = Action { key: "identity.logout", label: "退出", who: Who::SignedIn };
/// Changing one's own password.
pub const PASSWORD_CHANGE: Action =
    Action { key: "identity.password.change", label: "修改自己的密码", who: Who::SignedIn };
/// Giving an account a new password.
pub const PASSWORD_SET: Action = Action { key: "identity.password.set", label: "重置密码", who: SECURITY };
/// Looking at accounts and their sessions.
pub const ACCOUNT_READ: Action = Action {
    key: "identity.account.read",
    label: "查看账号",
    who: Who::Roles(&[Role::SecurityAdmin, Role::AuditAdmin]),
};
/// Making an account.
pub const ACCOUNT_CREATE: Action = Action { key: "identity.account.create", label: "新建账号", who: SECURITY };
/// Changing name, role or region of an account.
pub const ACCOUNT_CHANGE: Action = Action { key: "identity.account.change", label: "修改账号", who: SECURITY };
/// Disabling an account.
pub const ACCOUNT_DISABLE: Action = Action { key: "identity.account.disable", label: "停用账号", who: SECURITY };
/// Enabling an account again.
pub const ACCOUNT_ENABLE: Action = Action { key: "identity.account.enable", label: "启用账号", who: SECURITY };
/// Saying for which institution an account speaks.
pub const ACCOUNT_REPRESENT: Action =
    Action { key: "identity.account.represent", label: "指定账号代表的机构", who: SECURITY };
/// Lifting a lock before its time.
pub const ACCOUNT_UNLOCK: Action = Action { key: "identity.account.unlock", label: "解除锁定", who: SECURITY };
/// Beginning to set up one's own second factor.
pub const SECOND_BEGIN: Action =
    Action { key: "identity.second.begin", label: "设置两步登录", who: Who::SignedIn };
/// Ending the setting up with a first code.
pub const SECOND_CONFIRM: Action =
    Action { key: "identity.second.confirm", label: "确认两步登录", who: Who::SignedIn };
/// Showing a code at sign-in.
pub const SECOND_PASS: Action = Action { key: "identity.second.pass", label: "输入验证码", who: Who::SignedIn };
/// Giving up one's own second factor.
pub const SECOND_DROP: Action = Action { key: "identity.second.drop", label: "停用两步登录", who: Who::SignedIn };
/// Taking away the second factor of someone whose telephone is lost.
pub const SECOND_RESET: Action = Action { key: "identity.second.reset", label: "重置两步登录", who: SECURITY };
/// Ending one's own sessions elsewhere.
pub const SESSION_END_OWN: Action =
    Action { key: "identity.session.end_own", label: "退出自己的其他登录", who: Who::SignedIn };
/// Ending a session of someone else.
pub const SESSION_END: Action = Action { key: "identity.session.end", label: "强制退出", who: SECURITY };
/// Clearing sessions whose time is over.
pub const SESSION_EXPIRE: Action = Action { key: "identity.session.expire", label: "清理过期登录", who: NOBODY };
/// Making the first administrators.
pub const BOOTSTRAP: Action = Action { key: "identity.bootstrap", label: "建立首批管理员", who: NOBODY };

/// All actions of this room.
pub const ACTIONS: &[&Action] = &[
    &LOGIN,
    &LOGIN_REFUSE,
    &LOGOUT,
    &PASSWORD_CHANGE,
    &PASSWORD_SET,
    &ACCOUNT_READ,
    &ACCOUNT_CREATE,
    &ACCOUNT_CHANGE,
    &ACCOUNT_DISABLE,
    &ACCOUNT_ENABLE,
    &ACCOUNT_UNLOCK,
    &ACCOUNT_REPRESENT,
    &SECOND_BEGIN,
    &SECOND_CONFIRM,
    &SECOND_PASS,
    &SECOND_DROP,
    &SECOND_RESET,
    &SESSION_END_OWN,
    &SESSION_END,
    &SESSION_EXPIRE,
    &BOOTSTRAP,
];
