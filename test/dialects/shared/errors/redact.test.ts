import { expect, test } from 'vitest'

import { redact } from '../../../../src/dialects/shared/errors/redact.ts'

test.each([
  [
    'Incorrect API key provided: sk-inval****-key. You can find it at https://x.ai',
    'Incorrect API key provided: [redacted] You can find it at https://x.ai',
  ],
  ['Your api key: ****-key is invalid', 'Your api key: [redacted] is invalid'],
  ['bad key sk-proj-abcDEF123456_78-x', 'bad key [redacted]'],
  ['bad key gsk_abcdefghijklmnop', 'bad key [redacted]'],
  ['bad key AIzaSyA1234567890abcdef', 'bad key [redacted]'],
  ['Authorization: Bearer abcdef123456', 'Authorization: [redacted] [redacted]'],
  ['sent "Bearer abcdef123456" to', 'sent "Bearer [redacted]" to'],
  ['x-api-key: abc', 'x-api-key: [redacted]'],
  ['{"api_key":"abc","a":1}', '{"api_key":"[redacted]","a":1}'],
  ['GET https://me:secret@host/path failed', 'GET https://host/path failed'],
  ['https://host/v1?key=abc&alt=sse', 'https://host/v1?key=[redacted]&alt=sse'],
  ['token eyJhbGciOi.eyJzdWIiOi.c2ln', 'token [redacted]'],
  ['Rate limit in organization org-abcdefgh12345 on', 'Rate limit in organization [redacted] on'],
  ['for user_2iYQIxKY28QuzANm4mmKBlOxzx2', 'for [redacted]'],
  [
    'Team: bb642ce4-5161-45c9-8f34-408850883602, API key ID: 5bfd0532-8fa8-4e41-8eda-16a9a73a8d6d, Model: grok',
    'Team: [redacted], API key ID: [redacted], Model: grok',
  ],
  ['Consumer project 123456789012 is', 'Consumer project [redacted] is'],
  ['/client/v4/accounts/0123456789abcdef/ai', '/client/v4/accounts/[redacted]/ai'],
  [
    'arn:aws:bedrock:us-east-1:123456789012:model/x',
    'arn:aws:bedrock:us-east-1:[redacted]:model/x',
  ],
  // As JSON inside of JSON, and with characters escaped.
  ['{"message":"bad \\u0073k-proj-abcDEF12345678"}', '{"message":"bad [redacted]"}'],
  ['{"raw":"{\\"api_key\\":\\"abc\\"}"}', '{"raw":"{"api_key":"[redacted]"}"}'],
  ['bad \\\\u0073k\\\\u002dproj-abcDEF12345678', 'bad [redacted]'],
  ['https:\\/\\/me:secret@host\\/path', 'https://host/path'],
])('%s', (text, clean) => {
  expect(redact(text)).toBe(clean)
})

test.each([
  '{"message":"escapes \\u0061nd \\"quotes\\" of a text without a secret stay"}',
  'The model `gpt-4.1-nano-wrong` does not exist or you do not have access to it.',
  "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
  "Item 'rs_68c42de022c881948db7ed1cc2529f2e' of type 'reasoning' was provided without its item.",
  'Rate limit reached: Limit 6000, Requested 14810. Please try again in 5.289s.',
  'messages.1.content.0.tool_use.id: toolu_01AbCdEfGhIjKlMnOp',
  'See https://platform.openai.com/account/rate-limits?tab=1 for user messages',
])('nothing is redacted in: %s', (text) => {
  expect(redact(text)).toBe(text)
})
