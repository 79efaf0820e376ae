from anthropic import Anthropic

client = Anthropic(
    base_url="https://your-custom-endpoint.com",
    api_key="your-api-key",
)

with client.messages.stream(
    model="your-model-name",
    max_tokens=500,
    tools=[{"type": "web_search_20250305", "name": "web_search"}],
    messages=[{"role": "user", "content": "Search the web for the capital of Italy"}],
) as stream:
    answer = stream.get_final_message()

for block in answer.content:
    if block.type == "text":
        for citation in block.citations or []:
            print(block.text, citation.url)
