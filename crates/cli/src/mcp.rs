//! `mcp`: a server of the Model Context Protocol over standard input and output, for agents.
//!
//! It offers the operations of the API from the same tables as `api`, and the jobs on files. Content of files goes between
//! this machine and the drive, and never through the model: answers carry its size and checksum. Standard output has the
//! protocol and nothing else.

mod files;
mod local;
mod operations;
mod tool;

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use dingtalk_storage::Client;
use dingtalk_storage_transfer::{Drive, LocalFolder};
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, Implementation, ListToolsResult,
    PaginatedRequestParams, ServerCapabilities, ServerConfig,
};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServerHandler, ServiceExt};
use serde_json::{Map, Value};

use crate::exit::Code;
use crate::output::Line;
use crate::{Context, Failure};
use tool::{Arguments, TOOLS, Tool};

/// Serve agents over the Model Context Protocol, on standard input and output
///
/// Without --allow, nothing in the drive is changed; without --root, no file of this machine is read or written. What
/// agents are told has no secrets and no content of files.
#[derive(Debug, Args)]
pub struct Mcp {
    /// What may be changed in the drive: write lets files be uploaded and operations be called that change something,
    /// delete those as well that delete
    #[arg(long, value_enum, value_name = "WHAT")]
    allow: Option<Allow>,
    /// Folder of this machine from which files are uploaded and to which they are downloaded; nothing outside of it is
    /// touched, and no link is followed
    #[arg(long, value_name = "FOLDER")]
    root: Option<PathBuf>,
}

/// What may be changed. Each includes what stands before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
enum Allow {
    Write,
    Delete,
}

/// What the tools work with.
struct Server {
    client: Client,
    drive: Drive,
    allow: Option<Allow>,
    root: Option<LocalFolder>,
}

pub async fn run(arguments: Mcp, context: &Context) -> Result<(), Failure> {
    let root = arguments.root.map(LocalFolder::open).transpose()?;
    let (client, drive) = (context.client().await?.clone(), context.drive().await?.clone());
    let server = Server { client, drive, allow: arguments.allow, root };
    let failed = |error: String| Failure::new(Code::Failed, format!("the protocol ended: {error}"));
    // The client is free to go before it has said anything.
    let Ok(running) = server.serve(rmcp::transport::stdio()).await else { return Ok(()) };
    running.waiting().await.map(drop).map_err(|error| failed(error.to_string()))
}

impl Server {
    /// The tools that can be called, as things are.
    fn tools(&self) -> impl Iterator<Item = &'static Tool> {
        TOOLS.iter().filter(|tool| {
            tool.needs.allow.is_none_or(|least| self.allow >= Some(least)) && (!tool.needs.root || self.root.is_some())
        })
    }

    async fn call(&self, name: &str, arguments: Map<String, Value>) -> Result<Value, Failure> {
        let Some(tool) = TOOLS.iter().find(|tool| tool.name == name) else {
            return Err(Failure::usage(format!("there is no tool {name:?}")));
        };
        if !self.tools().any(|each| each.name == name) {
            return Err(Failure::usage(format!("the tool {name} is not allowed"))
                .hint("whoever starts the server says so, with --allow and --root"));
        }
        let arguments = Arguments::check(tool, arguments)?;
        match name {
            "search_operations" => Ok(operations::search(&arguments)),
            "describe_operation" => operations::describe(&arguments),
            "call_read" | "call_write" | "call_delete" => operations::call(self, name, &arguments).await,
            "list" => files::list(self, &arguments).await,
            "find" => files::find(self, &arguments).await,
            "upload" => local::upload(self, &arguments).await,
            "download" => local::download(self, &arguments).await,
            _ => files::audit(self, &arguments).await,
        }
    }
}

impl ServerHandler for Server {
    fn get_info(&self) -> ServerConfig {
        let info = ServerConfig::new(ServerCapabilities::builder().enable_tools().build());
        let about = Implementation::new("dingtalk-storage", env!("CARGO_PKG_VERSION"));
        info.with_server_info(about).with_instructions(
            "DingTalk Storage, an enterprise cloud drive. Places are written ding:SPACE/path; list without a place shows \
             the spaces. Each call of an operation counts against the organization's calls of the month.",
        )
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        Ok(ListToolsResult::with_all_items(self.tools().map(Tool::describe).collect()))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let arguments = request.arguments.unwrap_or_default();
        let answered = Box::pin(self.call(&request.name, arguments)).await;
        let result = match answered {
            Ok(answer) => CallToolResult::success(vec![ContentBlock::text(answer.to_string())]),
            Err(failure) => CallToolResult::error(vec![ContentBlock::text(Line::error(&failure, None).to_string())]),
        };
        Ok(result.into())
    }
}
