//! Refusals of the other families: Drive, knowledge bases, documents, search, contacts, tokens.

use dingtalk_storage::Time;
use dingtalk_storage::types::{
    AppKey, AppSecret, CorpId, DentryId, DentryUuid, DriveSpaceType, GrantType, SpaceId, SuiteKey, SuiteSecret,
    SuiteTicket, TimeRange, UserId, WorkspaceId,
};

use super::Refusals;
use crate::stage::{Stage, id, uuid};

pub async fn of_drive(stage: &Stage, refusals: &mut Refusals) {
    let (space, _) = stage.drive_space("Team").await;
    let (of_storage, _) = stage.space("storage").await;
    let (ada, ben) = (stage.ada.drive_v1(), stage.person(1).drive_v1());

    refusals.expect("drive_v1.AddSpace", 400, "name.invalid", ada.add_space("a|b").send()).await;
    let name = "drive_v1.DeleteSpace";
    refusals.expect(name, 400, "no.priviledge", ben.delete_space(&space).send()).await;
    refusals.expect(name, 400, "param.error", ada.delete_space(&SpaceId::new("77")).send()).await;
    refusals.expect(name, 400, "unsupported.operation", ada.delete_space(&of_storage).send()).await;
    let name = "drive_v1.ListSpaces";
    let list = |kind, size| ada.list_spaces(kind, size).send();
    refusals.expect(name, 400, "param.error", list(DriveSpaceType::Personal, 10)).await;
    refusals.expect(name, 400, "param.error.maxresults", list(DriveSpaceType::Org, 1000)).await;
    let name = "drive_v1.ManagementListSpaces";
    refusals.expect(name, 500, "no.priviledge", ben.management_list_spaces(&[space]).send()).await;
    assert_eq!(stage.emulator.effects("space.deleted"), 0);
}

pub async fn of_wiki_and_search(stage: &Stage, refusals: &mut Refusals) {
    let (space, root) = stage.space("nowiki").await;
    let (ada, ben) = (stage.ada.wiki_v2(), stage.person(1).wiki_v2());
    let mine = ada.get_mine_workspace().send().await.unwrap().workspace;
    let (mine, mine_root) = (mine.workspace_id, mine.root_node_id.unwrap());
    let note = uuid(&stage.upload(&mine_root, "a.md", b"a").await);
    let nothing = WorkspaceId::new("nothing");

    let name = "wiki_v2.GetNode";
    refusals.expect(name, 404, "nodeNotExist", ada.get_node(&root).send()).await;
    refusals.expect(name, 403, "permissionDenied", ben.get_node(&note).send()).await;
    let name = "wiki_v2.GetNodeByUrl";
    let url = "https://alidocs.dingtalk.com/i/nodes/x";
    refusals.expect(name, 404, "nodeNotExist", ada.get_node_by_url(url).send()).await;
    refusals.expect(name, 400, "paramError", ada.get_node_by_url("https://example.com/").send()).await;
    refusals.expect("wiki_v2.GetNodes", 403, "permissionDenied", ben.get_nodes(&[note]).send()).await;
    let name = "wiki_v2.ListNodes";
    refusals.expect(name, 404, "parentNodeNotExist", ada.list_nodes(&DentryUuid::new("x")).send()).await;
    let name = "wiki_v2.GetWorkspace";
    refusals.expect(name, 404, "workspaceNotExist", ada.get_workspace(&nothing).send()).await;
    let no_wiki = WorkspaceId::new(space.as_str());
    refusals.expect(name, 400, "isNotWorkspace", ada.get_workspace(&no_wiki).send()).await;
    refusals.expect(name, 403, "permissionDenied", ben.get_workspace(&mine).send()).await;
    let name = "wiki_v2.GetWorkspaces";
    refusals.expect(name, 404, "workspaceNotExist", ada.get_workspaces(&[mine, nothing]).send()).await;
    let name = "wiki_v2.ListWorkspaces";
    let coloured = ada.list_workspaces().order_by("COLOUR".into());
    refusals.expect(name, 400, "paramError.orderBy", coloured.send()).await;

    let file = id(&stage.upload(&root, "a.txt", b"a").await);
    let name = "doc_v2.GetUuidByDentryId";
    let doc = stage.ada.doc_v2();
    let missing = doc.get_uuid_by_dentry_id(&DentryId::new("77"), &space);
    refusals.expect(name, 404, "documentNotExist", missing.send()).await;
    let by_ben = stage.person(1).doc_v2().get_uuid_by_dentry_id(&file, &space).send();
    refusals.expect(name, 403, "permissionDenied", by_ben).await;
    let name = "doc_v2.GetDentryIdByUuid";
    let missing = doc.get_dentry_id_by_uuid(&DentryUuid::new("x"));
    refusals.expect(name, 404, "documentNotExist", missing.send()).await;

    let name = "storage_v2.SearchDentries";
    let search = || stage.ada.storage_v2().search_dentries("a");
    let empty = stage.ada.storage_v2().search_dentries("");
    refusals.expect(name, 400, "paramError-keyword", empty.send()).await;
    refusals.expect(name, 400, "paramError.maxResults", search().max_results(51).send()).await;
    let recipes = search().dentry_categories(&["RECIPE".to_owned()]);
    refusals.expect(name, 400, "paramError.dentryCategories", recipes.send()).await;
    let range = TimeRange::new().start_time(&Time::from_unix_millis(2)).end_time(&Time::from_unix_millis(1));
    refusals.expect(name, 400, "paramError.createTimeRange", search().create_time_range(&range).send()).await;
    let closed = stage.person(1).storage_v2().search_dentries("a").space_ids(&[space.as_str().parse().unwrap()]);
    refusals.expect(name, 403, "spaceNotAccessible", closed.send()).await;
    let name = "storage_v2.SearchWorkspaces";
    refusals.expect(name, 400, "paramError-keyword", stage.ada.storage_v2().search_workspaces("").send()).await;
}

pub async fn of_tokens(stage: &Stage, refusals: &mut Refusals) {
    let credentials = stage.emulator.credentials();
    let oauth = stage.client.oauth2_v1();
    let (corp, other) = (CorpId::new(&credentials.corp_id), CorpId::new("ding0"));
    let (key, secret, wrong) = (AppKey::new(&credentials.app_key), &credentials.app_secret, AppSecret::new("wrong"));
    let secret = AppSecret::new(secret);
    let (suite, suite_secret) = (SuiteKey::new(&credentials.suite_key), SuiteSecret::new(&credentials.suite_secret));
    let (ticket, old) = (SuiteTicket::new(&credentials.suite_ticket), SuiteTicket::new("old"));

    let name = "oauth2_v1.GetAccessToken";
    refusals.expect(name, 400, "invalidClientIdOrSecret", oauth.get_access_token(&key, &wrong).send()).await;
    let name = "oauth2_v1.GetToken";
    let get = |corp: &CorpId, secret: &AppSecret, grant| oauth.get_token(corp, &key, secret, grant).send();
    let grant = GrantType::ClientCredentials;
    refusals.expect(name, 400, "invalid.client", get(&corp, &wrong, grant.clone())).await;
    refusals.expect(name, 400, "unsupported.grant.type", get(&corp, &secret, "password".into())).await;
    refusals.expect(name, 401, "unauthorized.client", get(&other, &secret, grant)).await;
    let name = "oauth2_v1.GetCorpAccessToken";
    let get = |suite: &SuiteKey, corp: &CorpId, ticket: &SuiteTicket| {
        oauth.get_corp_access_token(suite, &suite_secret, corp, ticket).send()
    };
    refusals.expect(name, 400, "invalidSuiteKey", get(&"x".into(), &corp, &ticket)).await;
    refusals.expect(name, 400, "invalidSuiteTicket", get(&suite, &corp, &old)).await;
    refusals.expect(name, 400, "invalidAuthInfo", get(&suite, &other, &ticket)).await;
    let name = "oauth2_v1.GetSuiteAccessToken";
    let with_old = oauth.get_suite_access_token(&suite, &suite_secret, &old);
    refusals.expect(name, 400, "invalidSuiteTicket", with_old.send()).await;
    // The old host says so with status 200.
    let nobody = stage.client.contact().get_user(&UserId::new("nobody"));
    refusals.expect("contact.GetUser", 200, "33012", nobody.send()).await;
}
