/** Tools that checks offer. */
import type { JsonObject } from '../../../anthropic/json.ts'

/** A tool of one required text. */
export function textTool(name: string, field = 'text'): JsonObject {
  return {
    name,
    description: `Takes a ${field}.`,
    input_schema: {
      type: 'object',
      properties: { [field]: { type: 'string', description: `The ${field}.` } },
      required: [field],
    },
  }
}

/** A tool with the text input `city`. */
export const weather = textTool('get_weather', 'city')

/** A tool with the text input `zone`. */
export const clock = textTool('get_time', 'zone')

/** A tool without any input. */
export const bell: JsonObject = {
  name: 'ring_bell',
  description: 'Rings the bell.',
  input_schema: { type: 'object', properties: {} },
}
