from anthropic import Anthropic

client = Anthropic(
    base_url="https://your-custom-endpoint.com",
    api_key="your-api-key",
)

response = client.messages.create(
    model="your-model-name",
    max_tokens=1024,
    system="You are a helpful assistant.",
    messages=[{"role": "user", "content": "How can I integrate Anthropic-compatible APIs?"}],
)

print(response.content[0].text)
