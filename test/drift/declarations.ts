/**
 * The string literals that type declarations (`.d.ts`) name. The text is scanned, not compiled: the
 * compiler of TypeScript 7 has no API, and generated declarations have few forms:
 *
 *   type A = 'x' | 'y'          type A = B | C.D, where each has a member `type: 'x'`
 *   enum A { X = "x" }          const A: { readonly X: "x" }
 *   type A = A.TextMember | A.ToolUseMember        interface A { field: 'x' | 'y'; other?: B }
 */
export class Declarations {
  readonly #text: string

  /** `text`: one declaration file, or several. */
  constructor(text: string) {
    this.#text = text.replaceAll(/\/\*[^]*?\*\//g, '')
  }

  /** The literals of a type, an enumeration or a constant; the `type`s of a union of interfaces. */
  literals(name: string): string[] {
    return unique(this.#literals(name, 0))
  }

  /** The literals of one field of an interface. */
  fieldLiterals(name: string, field: string): string[] {
    return unique(this.#bodies(name).flatMap((body) => quoted(fieldType(body, field))))
  }

  /** The names of an interface's fields. */
  fields(name: string): string[] {
    return unique(
      this.#bodies(name).flatMap((body) =>
        [...body.matchAll(/(?:^|[;{}\n])\s*(?:readonly )?(\w+)\??:/g)].map(
          ([, field = '']) => field,
        ),
      ),
    )
  }

  /** The members of a union of AWS's: `tooluse` of `ContentBlock.ToolUseMember`, as on the wire `toolUse`. */
  members(name: string): string[] {
    const found = [
      ...this.#aliases(name)
        .join('|')
        .matchAll(/\b\w+\.(\w+)Member\b/g),
    ]
    return unique(
      found.map(([, member = '']) => member.charAt(0).toLowerCase() + member.slice(1)),
    ).filter((member) => !member.startsWith('$'))
  }

  /** The names of exported classes that end with `suffix`. */
  classes(suffix: string): string[] {
    const found = [...this.#text.matchAll(/\bclass (\w+) extends/g)]
    return unique(found.map(([, name = '']) => name)).filter((name) => name.endsWith(suffix))
  }

  #literals(name: string, depth: number): string[] {
    const own = [
      ...this.#aliases(name).flatMap(quoted),
      ...this.#blocks(name, `enum ${name}`).flatMap(quoted),
      ...this.#blocks(name, `const ${name}:`).flatMap(quoted),
    ]
    if (own.length > 0 || depth > maxDepth) {
      return own
    }
    const types = this.#bodies(name).flatMap((body) => quoted(fieldType(body, 'type')))
    const references = this.#aliases(name)
      .flatMap((alias) => alias.split('|'))
      .map((reference) => reference.trim().split('.').at(-1) ?? '')
    return [
      ...types,
      ...references
        .filter((reference) => reference !== '' && reference !== name)
        .flatMap((reference) => this.#literals(reference, depth + 1)),
    ]
  }

  /** What stands behind `type NAME =`. */
  #aliases(name: string): string[] {
    const pattern = new RegExp(`\\btype ${name} =([^;]*);`, 'g')
    return [...this.#text.matchAll(pattern)].map(([, alias = '']) => alias)
  }

  #bodies(name: string): string[] {
    return this.#blocks(name, `interface ${name}`)
  }

  /** What stands between the braces behind `head`. */
  #blocks(name: string, head: string): string[] {
    const blocks: string[] = []
    for (const match of this.#text.matchAll(new RegExp(`\\b${head}(?!\\w)[^{;]*\\{`, 'g'))) {
      const start = match.index + match[0].length
      blocks.push(this.#text.slice(start, this.#end(start)))
    }
    return name === '' ? [] : blocks
  }

  /** The index of the brace that closes the block that begins at `start`. */
  #end(start: number): number {
    let depth = 1
    for (let at = start; at < this.#text.length; at += 1) {
      const character = this.#text[at]
      depth += character === '{' ? 1 : character === '}' ? -1 : 0
      if (depth === 0) {
        return at
      }
    }
    return this.#text.length
  }
}

/** Unions of unions end somewhere. */
const maxDepth = 4

function quoted(text: string): string[] {
  return [...text.matchAll(/'([^']*)'|"([^"]*)"/g)].map(
    ([, single, double]) => single ?? double ?? '',
  )
}

function fieldType(body: string, field: string): string {
  return new RegExp(`(?:^|[;{}\\n])\\s*(?:readonly )?${field}\\??:([^;]*);`).exec(body)?.[1] ?? ''
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)]
}
