/** The fields of an object that are not undefined, for types whose optional fields must be absent. */
export function defined<Fields extends object>(
  fields: Fields,
): { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> } {
  const present = Object.entries(fields).filter(([, value]) => value !== undefined)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same fields, without undefined
  return Object.fromEntries(present) as {
    [Name in keyof Fields]?: Exclude<Fields[Name], undefined>
  }
}
