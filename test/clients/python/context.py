from anthropic import Anthropic, beta_tool

client = Anthropic(
    base_url="https://your-custom-endpoint.com",
    api_key="your-api-key",
)


@beta_tool
def get_code(city: str) -> str:
    """Returns the code of a city."""
    return "CODE-" + city.upper()


question = {
    "role": "user",
    "content": 'Use the get_code tool with this input: {"city":"Rome"}. '
    "Then reply with exactly what the tool returned and nothing else.",
}

# Old results make room before the next turn.
runner = client.beta.messages.tool_runner(
    model="your-model-name",
    max_tokens=1024,
    tools=[get_code],
    messages=[question],
    betas=["context-management-2025-06-27"],
    context_management={
        "edits": [
            {
                "type": "clear_tool_uses_20250919",
                "trigger": {"type": "tool_uses", "value": 1},
                "keep": {"type": "tool_uses", "value": 1},
            }
        ]
    },
)
answer = runner.until_done()
assert answer.context_management is not None, answer

# A summary takes the place of the conversation.
runner = client.beta.messages.tool_runner(
    model="your-model-name",
    max_tokens=1024,
    tools=[get_code],
    messages=[question],
    betas=["compact-2026-09-04"],
)
runner.compact_before_next_turn()
types = [block.type for message in runner for block in message.content]
assert "compaction" in types and types[-1] == "text", types

# The server compacts by itself where a conversation is long.
with client.beta.messages.stream(
    model="your-model-name",
    max_tokens=1024,
    messages=[{"role": "user", "content": "word " * 300 + "Reply with exactly: PONG"}],
    betas=["compact-2026-01-12"],
    context_management={
        "edits": [
            {"type": "compact_20260112", "trigger": {"type": "input_tokens", "value": 100}}
        ]
    },
) as stream:
    answer = stream.get_final_message()
assert answer.content[0].type == "compaction" and answer.content[0].content, answer
assert answer.usage.iterations[0].type == "compaction", answer.usage
print(answer.content[-1].text)
