curl https://your-custom-endpoint.com/v1/models -H "x-api-key: your-api-key" |
  grep -o '"id": *"[^"]*"' | cut -d '"' -f 4 |
  while read -r model; do
    curl https://your-custom-endpoint.com/v1/messages \
      -H "x-api-key: your-api-key" \
      -H "Content-Type: application/json" \
      -d "{
        \"model\": \"$model\",
        \"max_tokens\": 64,
        \"messages\": [{\"role\": \"user\", \"content\": \"Reply with exactly: PONG\"}]
      }" | grep -o PONG
  done
