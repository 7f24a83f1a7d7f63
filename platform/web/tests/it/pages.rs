//! Every page of this crate renders with all its samples and keeps the rules that need no browser.

use web::{
    pages::{AccessibilityPage, ErrorPage, LoginPage},
    samples::render_all,
};

#[test]
fn all_samples_render() {
    assert_eq!(render_all::<LoginPage>(), Ok(3));
    assert_eq!(render_all::<ErrorPage>(), Ok(8));
    assert_eq!(render_all::<AccessibilityPage>(), Ok(1));
}
