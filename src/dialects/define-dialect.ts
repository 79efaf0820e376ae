/** Defines a dialect: binds its code, loaded at its first request, to a model and its quirks. */
import { withLeadingSystem } from '../anthropic/request/leading-system.ts'
import type {
  BoundDialect,
  Dialect,
  DialectDefinition,
  DialectTarget,
  Framing,
  LoadableDialect,
  Translation,
} from './dialect.ts'

/** Converts a definition to a {@link Dialect}, which hides the type of its quirks. */
export function defineDialect<Quirks extends object>(
  definition: DialectDefinition<Quirks>,
): Dialect {
  const { name, framing = 'sse', quirksSchema, defaultQuirks, unknownServerQuirks } = definition
  const code = new Code(definition.translation)
  return {
    kind: 'translated',
    name,
    quirksSchema,
    unknownServerQuirks,
    bind: (model, layers) => {
      const quirks: Quirks = Object.assign({}, defaultQuirks, ...layers)
      return new Loadable({ name, framing, code, target: { ...model, quirks } })
    },
  }
}

/** The code of one dialect, loaded once. */
class Code<Quirks extends object> {
  #translation: Translation<Quirks> | undefined
  readonly #load: () => Promise<Translation<Quirks>>

  constructor(translation: DialectDefinition<Quirks>['translation']) {
    const isLoaded = typeof translation !== 'function'
    this.#translation = isLoaded ? translation : undefined
    this.#load = isLoaded ? () => Promise.resolve(translation) : translation
  }

  load(): Translation<Quirks> | Promise<Translation<Quirks>> {
    return this.#translation ?? this.#loadFirst()
  }

  async #loadFirst(): Promise<Translation<Quirks>> {
    this.#translation = await this.#load()
    return this.#translation
  }
}

interface Binding<Quirks extends object> {
  name: string
  framing: Framing
  code: Code<Quirks>
  target: DialectTarget<Quirks>
}

class Loadable<Quirks extends object> implements LoadableDialect {
  readonly kind = 'translated'
  readonly name: string
  readonly #binding: Binding<Quirks>
  #bound: BoundDialect | undefined

  constructor(binding: Binding<Quirks>) {
    this.name = binding.name
    this.#binding = binding
  }

  load(): BoundDialect | Promise<BoundDialect> {
    if (this.#bound !== undefined) {
      return this.#bound
    }
    const loaded = this.#binding.code.load()
    return loaded instanceof Promise
      ? loaded.then((translation) => this.#bind(translation))
      : this.#bind(loaded)
  }

  #bind(translation: Translation<Quirks>): BoundDialect {
    const { name, framing, target } = this.#binding
    this.#bound = {
      name,
      framing,
      toRequest: (request, context) =>
        translation.toRequest(withLeadingSystem(request), target, context),
      readReply: (body, context) => translation.readReply(body, target, context),
      createReader: (context) => translation.createReader(target, context),
      toFailure: (reply) => translation.toFailure(reply, target),
      search: translation.search?.(target),
      ...bindCounter(translation, target),
    }
    return this.#bound
  }
}

function bindCounter<Quirks extends object>(
  { toCountRequest, readCount }: Translation<Quirks>,
  target: DialectTarget<Quirks>,
): Pick<BoundDialect, 'counter'> {
  return toCountRequest === undefined || readCount === undefined
    ? {}
    : {
        counter: {
          toRequest: (request, context) =>
            toCountRequest(withLeadingSystem(request), target, context),
          readCount,
        },
      }
}
