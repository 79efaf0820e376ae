import * as z from 'zod/mini'

/**
 * A schema that is built when a value is first parsed with it: building schemas is most of what evaluating the
 * Worker's modules costs. Not for schemas that accept an absent value. `z.lazy` is built earlier, since an object
 * schema asks each of its fields at the first parse whether it does.
 */
export function lazySchema<Schema extends z.ZodMiniType>(
  build: () => Schema,
): z.ZodMiniLazy<Schema> {
  const schema = z.lazy(build)
  schema._zod.optin = undefined
  schema._zod.optout = undefined
  return schema
}
