//! All samples of all pages are rendered and hold the rules that need no browser.

use records::pages::{
    BatchPage, BatchPreviewPage, ConsentsPage, DetailPage, EditPage, ErasuresPage, ImportPage, IndexPage, ListPage,
    MapPage, MergePage, PreviewPage, PrintPage, RemovePage, RightsPage, TransferPage,
};
use web::samples::render_all;

#[test]
fn every_page_renders_with_every_sample() {
    assert_eq!(render_all::<IndexPage>(), Ok(3));
    assert_eq!(render_all::<ListPage>(), Ok(5));
    assert_eq!(render_all::<PrintPage>(), Ok(2));
    assert_eq!(render_all::<DetailPage>(), Ok(3));
    assert_eq!(render_all::<MergePage>(), Ok(4));
    assert_eq!(render_all::<TransferPage>(), Ok(2));
    assert_eq!(render_all::<EditPage>(), Ok(3));
    assert_eq!(render_all::<RemovePage>(), Ok(2));
    assert_eq!(render_all::<ConsentsPage>(), Ok(2));
    assert_eq!(render_all::<RightsPage>(), Ok(2));
    assert_eq!(render_all::<ErasuresPage>(), Ok(3));
    assert_eq!(render_all::<ImportPage>(), Ok(2));
    assert_eq!(render_all::<PreviewPage>(), Ok(2));
    assert_eq!(render_all::<MapPage>(), Ok(2));
    assert_eq!(render_all::<BatchPage>(), Ok(3));
    assert_eq!(render_all::<BatchPreviewPage>(), Ok(2));
}
