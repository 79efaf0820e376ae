from anthropic import Anthropic

client = Anthropic(
    base_url="https://your-custom-endpoint.com",
    api_key="your-api-key",
)

for model in client.models.list().data:
    answer = client.messages.create(
        model=model.id,
        max_tokens=64,
        messages=[{"role": "user", "content": "Reply with exactly: PONG"}],
    )
    print(model.id, answer.content[0].text)
