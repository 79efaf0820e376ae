/** Schema combinators: values discriminated by their `type`, and lists up to their first issue. */
import * as z from 'zod/mini'

import { isObject } from '../json.ts'

/** A block, source or tool of an unknown type, as received. */
export interface OtherBlock {
  type: 'other'
  raw: { type: string; [key: string]: unknown }
}

/**
 * A union discriminated by `type`, which becomes part of an issue's path as in Anthropic's messages
 * (`messages.0.content.0.text.text: Field required`). A type that is not listed is parsed as
 * `other`.
 */
export function tagged<Schemas extends Record<string, z.ZodMiniType>>(
  schemas: Schemas,
): z.ZodMiniType<z.output<Schemas[keyof Schemas]> | OtherBlock, { type: string }> {
  return z.transform((value, context): z.output<Schemas[keyof Schemas]> | OtherBlock => {
    if (!hasType(value)) {
      context.issues.push(
        isObject(value) ? wrong('string', value['type'], ['type']) : wrong('object', value),
      )
      return z.NEVER
    }
    const { type } = value
    const schema = Object.hasOwn(schemas, type) ? schemas[type] : undefined
    if (schema === undefined) {
      return { type: 'other', raw: value }
    }
    const result = schema.safeParse(value, { reportInput: true })
    if (result.success) {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the schema was taken from Schemas
      return result.data as z.output<Schemas[keyof Schemas]>
    }
    pushIssues(context, type, result.error.issues)
    return z.NEVER
  })
}

/**
 * An array whose elements are parsed up to the first issue: only that one is reported, and a
 * hostile body must not make zod create an issue for each element. The schema parses what `readCommon`
 * returns undefined for.
 */
export function listOf<Schema extends z.ZodMiniType>(
  schema: Schema,
  readCommon?: (element: unknown) => z.output<Schema> | undefined,
): z.ZodMiniType<z.output<Schema>[], z.input<Schema>[]> {
  return z.transform((value, context): z.output<Schema>[] => {
    if (!Array.isArray(value)) {
      context.issues.push(wrong('array', value))
      return z.NEVER
    }
    const parsed: z.output<Schema>[] = []
    for (const element of value) {
      const common = readCommon?.(element)
      if (common !== undefined) {
        parsed.push(common)
        continue
      }
      const result = schema.safeParse(element, { reportInput: true })
      if (!result.success) {
        pushIssues(context, parsed.length, result.error.issues)
        return z.NEVER
      }
      parsed.push(result.data)
    }
    return parsed
  })
}

function hasType(value: unknown): value is OtherBlock['raw'] {
  return isObject(value) && typeof value['type'] === 'string'
}

function wrong(expected: string, input: unknown, path: string[] = []): z.core.$ZodRawIssue {
  return { code: 'invalid_type', expected, input, path }
}

/** Adds the issues of a part of a value, with the part's path prepended. */
export function pushIssues(
  context: z.core.ParsePayload,
  tag: string | number,
  issues: readonly z.core.$ZodIssue[],
): void {
  for (const issue of issues) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- zod types a raised issue more loosely than it takes one back
    context.issues.push({ ...issue, path: [tag, ...issue.path] } as z.core.$ZodRawIssue)
  }
}
