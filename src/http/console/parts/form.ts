/** Forms of pages, as text. */
import type { Context } from 'hono'

import { readText } from '../../body.ts'
import type { ConsoleEnv } from '../env.ts'

/** The fields of a form, the last value of each. Throws a GatewayError `too_large`. */
export async function readForm(c: Context<ConsoleEnv>): Promise<Record<string, string>> {
  return Object.fromEntries(await readFields(c))
}

/** All values of the fields of a form. */
export async function readFields(c: Context<ConsoleEnv>): Promise<URLSearchParams> {
  return new URLSearchParams(await readText(c.req.raw))
}
