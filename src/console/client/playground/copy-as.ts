/** A request as a program that sends it. Pure. */

/** A language of programs to copy. */
export type Language = 'curl' | 'python' | 'typescript'

/** The key is left to the reader. */
export function toProgram(
  language: Language,
  origin: string,
  body: Record<string, unknown>,
): string {
  const { stream: _, ...rest } = body
  switch (language) {
    case 'curl':
      return `curl ${origin}/v1/messages \\
  -H "x-api-key: $ANTHROPIC_API_KEY" \\
  -H 'content-type: application/json' \\
  -d '${JSON.stringify(body, null, 2).replaceAll("'", "'\\''")}'`
    case 'python':
      return `import json
from anthropic import Anthropic

client = Anthropic(base_url=${JSON.stringify(origin)})
body = json.loads(${JSON.stringify(JSON.stringify(rest))})
message = client.messages.create(**body)
print(message.content)`
    case 'typescript':
      return `import Anthropic from '@anthropic-ai/sdk'

const client = new Anthropic({ baseURL: ${JSON.stringify(origin)} })
const message = await client.messages.create(${JSON.stringify(rest, null, 2)})
console.log(message.content)`
  }
}
