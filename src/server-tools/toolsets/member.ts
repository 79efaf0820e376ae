/** A member of a toolset: what the model is offered as one function. Types, and schemas that members share. */
import type { JsonObject } from '../../anthropic/json.ts'

export interface ToolsetMember {
  description: string
  /** The schemas of its inputs, by name. */
  properties: JsonObject
  /** The inputs that a call must have. */
  required?: readonly string[]
  /** Whether it is offered only where the client enables it. */
  isOptional?: true
}

/** The members of a toolset, by name. */
export type ToolsetMembers = Readonly<Record<string, ToolsetMember>>

export const text = (description: string): JsonObject => ({ type: 'string', description })
export const integer = (description: string): JsonObject => ({ type: 'integer', description })
export const seconds = (description: string): JsonObject => ({ type: 'number', description })
export const numbers = (description: string): JsonObject => ({
  type: 'array',
  items: { type: 'number' },
  description,
})
export const choice = (values: readonly string[], description: string): JsonObject => ({
  type: 'string',
  enum: values,
  description,
})
export const directions = ['up', 'down', 'left', 'right']
