import time

from anthropic import Anthropic

client = Anthropic(
    base_url="https://your-custom-endpoint.com",
    api_key="your-api-key",
)

file = client.beta.files.upload(file=("note.txt", b"The meeting is on Tuesday.", "text/plain"))
document = {"type": "document", "source": {"type": "file", "file_id": file.id}}

batch = client.messages.batches.create(
    requests=[
        {
            "custom_id": f"question-{number}",
            "params": {
                "model": "your-model-name",
                "max_tokens": 100,
                "messages": [
                    {"role": "user", "content": [document, {"type": "text", "text": question}]}
                ],
            },
        }
        for number, question in enumerate(["When is the meeting?", "What is on Tuesday?"])
    ]
)
for _ in range(300):
    if batch.processing_status == "ended":
        break
    time.sleep(0.2)
    batch = client.messages.batches.retrieve(batch.id)

results = {line.custom_id: line.result for line in client.messages.batches.results(batch.id)}
assert sorted(results) == ["question-0", "question-1"], results
for name, result in results.items():
    assert result.type == "succeeded", result
    print(name, result.message.content[0].text[:60])

assert batch.id in [each.id for each in client.messages.batches.list(limit=5)]
assert client.messages.batches.delete(batch.id).type == "message_batch_deleted"
assert client.beta.files.retrieve_metadata(file.id).filename == "note.txt"
assert file.id in [each.id for each in client.beta.files.list()]
client.beta.files.delete(file.id)
