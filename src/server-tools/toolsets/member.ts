/** A member of a toolset: what the model is offered as one function. Types, and schemas that members share. */
import type { JsonObject } from '../../anthropic/json.ts'

/**
 * A member of a toolset: the description and inputs of one function. `isOptional` members must be enabled.
 */
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

/** The schema of a text input. */
export const text = (description: string): JsonObject => ({ type: 'string', description })

/** The schema of an integer input. */
export const integer = (description: string): JsonObject => ({ type: 'integer', description })

/** The schema of a duration in seconds. */
export const seconds = (description: string): JsonObject => ({ type: 'number', description })

/** The schema of a list of numbers. */
export const numbers = (description: string): JsonObject => ({
  type: 'array',
  items: { type: 'number' },
  description,
})

/** The schema of an input with fixed values. */
export const choice = (values: readonly string[], description: string): JsonObject => ({
  type: 'string',
  enum: values,
  description,
})

/** The directions of scrolling. */
export const directions = ['up', 'down', 'left', 'right']
