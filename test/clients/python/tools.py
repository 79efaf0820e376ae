import anthropic

client = anthropic.Anthropic(
    base_url="https://your-custom-endpoint.com",
    api_key="your-api-key",
)

tools = [
    {
        "name": "get_code",
        "description": "Returns the code of a city",
        "input_schema": {
            "type": "object",
            "properties": {"city": {"type": "string"}},
            "required": ["city"],
        },
    }
]
messages = [
    {
        "role": "user",
        "content": 'Use the get_code tool with this input: {"city":"Rome"}. '
        "Then reply with exactly what the tool returned and nothing else.",
    }
]

count = client.messages.count_tokens(model="your-model-name", tools=tools, messages=messages)
assert count.input_tokens > 0

call = client.messages.create(
    model="your-model-name", max_tokens=1024, tools=tools, messages=messages
)
use = next(block for block in call.content if block.type == "tool_use")
assert call.stop_reason == "tool_use" and use.input == {"city": "Rome"}, call

result = {"type": "tool_result", "tool_use_id": use.id, "content": "CODE-ROME"}
messages += [
    {"role": "assistant", "content": call.content},
    {"role": "user", "content": [result]},
]
with client.messages.stream(
    model="your-model-name", max_tokens=1024, tools=tools, messages=messages
) as stream:
    print(stream.get_final_message().content[0].text)

try:
    client.messages.create(model="claude-nonexistent-0", max_tokens=16, messages=messages[:1])
except anthropic.NotFoundError as error:
    assert error.request_id, error
else:
    raise AssertionError("an unknown model was answered")
