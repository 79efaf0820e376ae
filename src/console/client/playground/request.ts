/** The body that the playground's form describes. */

/** A message of the playground's conversation. */
export interface Turn {
  role: 'user' | 'assistant'
  content: unknown
}

/** Builds the body. Throws an Error with a sentence for a field that is not JSON. */
export function toBody(form: FormData, messages: readonly Turn[]): Record<string, unknown> {
  const text = (name: string): string => readText(form, name)
  const [system, thinking, effort] = [text('system'), text('thinking'), text('effort')]
  const [tools, schema] = [toJson('Tools', text('tools')), toJson('The schema', text('schema'))]
  const output = {
    ...(effort === '' ? {} : { effort }),
    ...(schema === undefined ? {} : { format: { type: 'json_schema', schema } }),
  }
  return {
    model: text('model'),
    max_tokens: toMaxTokens(Number(text('max_tokens')), thinking),
    ...(form.get('stream') === null ? {} : { stream: true }),
    ...(system === '' ? {} : { system }),
    ...(thinking === '' ? {} : { thinking: toThinking(thinking) }),
    ...(Object.keys(output).length === 0 ? {} : { output_config: output }),
    ...(tools === undefined ? {} : { tools }),
    messages,
  }
}

function readText(form: FormData, name: string): string {
  const value = form.get(name)
  return typeof value === 'string' ? value.trim() : ''
}

function toThinking(choice: string): object {
  return choice === 'adaptive'
    ? { type: 'adaptive', display: 'summarized' }
    : { type: 'enabled', budget_tokens: Number(choice) }
}

/** The API requires more output than thinking. */
function toMaxTokens(requested: number, thinking: string): number {
  const budget = Number(thinking)
  return Number.isNaN(budget) ? requested : Math.max(requested, budget + 256)
}

function toJson(name: string, text: string): unknown {
  if (text === '') {
    return undefined
  }
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Error(`${name}: ${error instanceof Error ? error.message : 'not JSON'}`, {
      cause: error,
    })
  }
}

/** The content of a message with a file before its text. */
export async function toContent(prompt: string, file: File | undefined): Promise<unknown> {
  if (file === undefined || file.size === 0) {
    return prompt
  }
  const url = await new Promise<string>((resolve) => {
    const reader = new FileReader()
    reader.addEventListener('load', () =>
      resolve(typeof reader.result === 'string' ? reader.result : ''),
    )
    reader.readAsDataURL(file)
  })
  const source = { type: 'base64', media_type: file.type, data: url.slice(url.indexOf(',') + 1) }
  const type = file.type === 'application/pdf' ? 'document' : 'image'
  return [
    { type, source },
    { type: 'text', text: prompt },
  ]
}
