/**
 * Durable Objects whose code is loaded when one of them is made. The Worker has to export all its classes when it
 * starts, and most isolates serve requests only.
 */
import { DurableObject } from 'cloudflare:workers'

/** What the runtime makes an object from. */
export type ObjectParts = [ctx: DurableObjectState, env: Env]

type ObjectClass<Methods> = new (...parts: ObjectParts) => DurableObject<Env> & Methods

/**
 * Defines the class to export. `make` loads and makes the object itself, before which no event is delivered;
 * `methods` are those that are called by RPC, and `alarm` if there is one.
 */
export function loadedObject<Loaded extends object, Method extends keyof Loaded & string>(
  make: (...parts: ObjectParts) => Promise<Loaded>,
  methods: readonly Method[],
): ObjectClass<Pick<Loaded, Method>> {
  class Shell extends DurableObject<Env> {
    readonly #loaded: Promise<Loaded>

    constructor(...parts: ObjectParts) {
      super(...parts)
      this.#loaded = this.ctx.blockConcurrencyWhile(() => make(...parts))
    }

    static async forward(shell: Shell, method: Method, parameters: unknown[]): Promise<unknown> {
      const loaded = await shell.#loaded
      return Reflect.apply(Object(loaded[method]), loaded, parameters)
    }
  }
  for (const method of methods) {
    // RPC finds the methods of a prototype only.
    Object.defineProperty(Shell.prototype, method, {
      value(this: Shell, ...parameters: unknown[]) {
        return Shell.forward(this, method, parameters)
      },
    })
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- has the methods that were just defined
  return Shell as unknown as ObjectClass<Pick<Loaded, Method>>
}
