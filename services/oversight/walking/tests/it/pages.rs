//! The page through HTTP, as different desks see it.

use crate::world::{EAST, OUT, PLACE, World, someone};
use axum::body::Body;
use axum::http::request::Parts;
use axum::http::{Request, StatusCode, header};
use futures::future::BoxFuture;
use http_body_util::BodyExt;
use identity::{Actor, Refusal, Role};
use std::sync::Arc;
use testkit::{TestDb, on_both};
use tower::ServiceExt;
use vocabulary::Origin;
use web::{Guard, RouteAction, WebConfig, WebError, layers, mount};

struct Named(Actor);

impl Guard for Named {
    fn check<'a>(&'a self, action: RouteAction, parts: &'a mut Parts) -> BoxFuture<'a, Result<(), WebError>> {
        Box::pin(async move {
            let known = monitoring::actions::ACTIONS.iter().find(|one| one.key == action.action).expect("an action");
            if !self.0.may(known) {
                return Err(Refusal::forbidden(known.label).into());
            }
            parts.extensions.insert(self.0.clone());
            Ok(())
        })
    }
}

async fn get(world: &World, actor: &Actor, path: &str) -> (StatusCode, Vec<u8>) {
    let app = mount(walking::routes(&world.service), Arc::new(Named(actor.clone()))).unwrap();
    let app = layers(app, WebConfig { secret: b"test".to_vec(), ..WebConfig::default() });
    let request = Request::builder().uri(path).header(header::HOST, "test").body(Body::empty()).unwrap();
    let answer = app.oneshot(request).await.unwrap();
    let status = answer.status();
    (status, answer.into_body().collect().await.unwrap().to_bytes().to_vec())
}

async fn page(world: &World, actor: &Actor, path: &str) -> String {
    let (status, bytes) = get(world, actor, path).await;
    let html = String::from_utf8(bytes).unwrap();
    assert_eq!(status, StatusCode::OK, "{path}: {html}");
    assert_eq!(web::samples::complaints(&html), Vec::<String>::new(), "{path}");
    html
}

on_both!(the_page_says_how_far_it_is_and_that_it_is_modelled, |db: TestDb| async move {
    let world = World::new(db, true, Origin::Measured).await;
    let officer = someone(Role::Officer, PLACE);
    let before = page(&world, &officer, "/walking").await;
    assert!(before.contains("这里还没有推算"));
    world.service.compute(PLACE, "test").await.unwrap();
    let html = page(&world, &officer, "/walking?circle=elder_meals").await;
    for words in ["示例区步行可达：老年助餐", "25.0", "45.3", "推算", "75.0%的人按步行路网", "© somebody", "河边居委会"]
    {
        assert!(html.contains(words), "{words} in {html}");
    }
    assert!(html.contains("河北食堂") && html.contains("郊外食堂") && html.contains("GB 50180-2018"));
    assert!(html.contains("示意图，不是实际边界"), "no boundaries are at hand");
    let (status, bytes) = get(&world, &officer, "/walking.xlsx?circle=elder_meals").await;
    assert_eq!((status, bytes.get(..2)), (StatusCode::OK, Some(b"PK".as_slice())));
});

on_both!(a_street_sees_its_own_and_nothing_else, |db: TestDb| async move {
    let world = World::new(db, true, Origin::Measured).await;
    world.service.compute(PLACE, "test").await.unwrap();
    let clerk = someone(Role::Clerk, OUT);
    let html = page(&world, &clerk, "/walking?circle=elder_meals").await;
    assert!(html.contains("郊外食堂") && !html.contains("河北食堂") && !html.contains("河边居委会"));
    let (status, _) = get(&world, &clerk, &format!("/walking?circle=elder_meals&region={EAST}")).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let (status, _) = get(&world, &clerk, "/walking?circle=nothing").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let (status, _) = get(&world, &someone(Role::FieldWorker, OUT), "/walking").await;
    assert_eq!(status, StatusCode::FORBIDDEN);
});
