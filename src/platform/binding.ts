/** A value that is a binding with a method of that name, else undefined. Which class it has is up to wrangler.toml. */
export function asBinding<Binding extends object>(
  value: unknown,
  method: keyof Binding,
): Binding | undefined {
  return isBinding<Binding>(value, method) ? value : undefined
}

function isBinding<Binding extends object>(
  value: unknown,
  method: keyof Binding,
): value is Binding {
  return typeof value === 'object' && value !== null && method in value
}
