/** The client's entry of a tool that runs here: what is offered in its place, and what is reported of it. */
import type { JsonObject } from '../anthropic/json.ts'
import { asArray } from '../anthropic/json.ts'
import type { Report } from '../anthropic/report.ts'
import { defined } from '../platform/defined.ts'

/** A function. `inputs`: what each says, all of them texts that a call must have; `entry`: whose breakpoint it keeps. */
export function toFunction(
  { name, description }: { name: string; description: string },
  inputs: Readonly<Record<string, string>>,
  { cache_control }: JsonObject,
): JsonObject {
  const texts = Object.entries(inputs).map(([input, text]) => [
    input,
    { type: 'string', description: text },
  ])
  const properties: object = Object.fromEntries(texts)
  const required = texts.length === 0 ? undefined : Object.keys(inputs)
  const input_schema = { type: 'object', properties, ...defined({ required }) }
  return { name, description, input_schema, ...defined({ cache_control }) }
}

/** Reports what an entry at `path` becomes, and that its callers cannot be restricted. */
export function reportEntry(entry: JsonObject, path: string, to: string, report: Report): void {
  report.map(path, to)
  if (asArray(entry['allowed_callers']).length > 0) {
    report.ignore(`${path}.allowed_callers`)
  }
}
