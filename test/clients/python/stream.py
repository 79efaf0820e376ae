from anthropic import Anthropic

client = Anthropic(
    base_url="https://your-custom-endpoint.com",
    api_key="your-api-key",
)

with client.messages.stream(
    model="your-model-name",
    max_tokens=1024,
    messages=[{"role": "user", "content": "Write a short poem about streaming."}],
) as stream:
    for text in stream.text_stream:
        print(text, end="", flush=True)
