import os

from anthropic import Anthropic

client = Anthropic()
request = {
    "model": os.environ["MODEL"],
    "max_tokens": 500,
    "betas": ["mcp-client-2026-09-15"],
    "mcp_servers": [
        {
            "type": "url",
            "url": os.environ["MCP_SERVER"],
            "name": "calc",
            "authorization_token": os.environ["MCP_TOKEN"],
        }
    ],
    "tools": [{"type": "mcp_toolset", "mcp_server_name": "calc"}],
    "messages": [{"role": "user", "content": os.environ["PROMPT"]}],
}

plain = client.beta.messages.create(**request)
with client.beta.messages.stream(**request) as stream:
    streamed = stream.get_final_message()

for answer in [plain, streamed]:
    result = next(block for block in answer.content if block.type == "mcp_tool_result")
    print(*[block.type for block in answer.content], result.content[0].text)
