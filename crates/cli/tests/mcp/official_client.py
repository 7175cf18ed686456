"""Speaks to `dingtalk-storage mcp` with the official client (`pip install mcp`), against the emulator.

    eval "$(dingtalk-storage emulator --demo --background)"
    python official_client.py "$(command -v dingtalk-storage)" > official_client.txt

The Rust tests beside it speak the protocol by themselves, so that they need nothing but the workspace.
"""

import asyncio
import json
import os
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client


def shown(result):
    [content] = result.content
    answer = json.loads(content.text)
    return answer["data"]["code"] if getattr(result, "isError", getattr(result, "is_error", False)) else answer


async def main(program):
    with tempfile.TemporaryDirectory() as root:
        Path(root, "hello.txt").write_text("the content of hello\n")
        Path(root, "link").symlink_to("/etc/passwd")
        arguments = ["mcp", "--root", root, "--allow", "delete"]
        server = StdioServerParameters(command=program, args=arguments, env=dict(os.environ))
        async with stdio_client(server) as (read, write), ClientSession(read, write) as session:
            begun = await session.initialize()
            info = getattr(begun, "serverInfo", None) or begun.server_info
            print("server:", info.name)
            tools = (await session.list_tools()).tools
            for tool in tools:
                hints = tool.annotations.model_dump(by_alias=True, exclude_none=True)
                print(f"tool: {tool.name:20} {json.dumps(hints)}")
            size = len(json.dumps({"tools": [tool.model_dump(by_alias=True, exclude_none=True, mode="json") for tool in tools]}))
            print("tools/list, bytes at most 8192:", size <= 8192)

            async def call(tool, /, **arguments):
                answer = shown(await session.call_tool(tool, arguments))
                print(f"{tool} {json.dumps(arguments)}\n  {json.dumps(answer, ensure_ascii=False)[:200]}")
                return answer

            found = await call("search_operations", query="rename")
            await call("describe_operation", operation=found["operations"][0]["operation"])
            await call("list", place="ding:Demo", recursive=True, limit=3)
            stored = await call("upload", local="hello.txt", place="ding:Demo/Reports")
            await call("upload", local="hello.txt", place="ding:Demo/Reports")
            await call("download", place="ding:Demo/Reports/hello.txt", local="back/hello.txt")
            print("the same bytes came back:", Path(root, "back/hello.txt").read_text() == "the content of hello\n")
            for outside in ["../hello.txt", "/etc/passwd", "link"]:
                await call("upload", local=outside, place="ding:Demo")
            await call("find", place="ding:Demo", name="hello*")
            await call("audit", place="ding:Demo/Reports", folders_only=True)
            await call("call_read", operation="storage_v2.ListPermissions", parameters={"dentryUuid": stored["uuid"]})
            await call("call_read", operation="oauth2_v1.GetAccessToken", parameters={"appKey": "k", "appSecret": "s"})
            await call("call_read", operation="storage_v1.DeleteDentry")


print("client: mcp", version("mcp"))
asyncio.run(main(sys.argv[1]))
