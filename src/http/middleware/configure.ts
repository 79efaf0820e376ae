/** Reads the bindings, and reports a missing one in Anthropic's envelope. */
import type { Config } from '../../exchange/config.ts'
import { readConfig } from '../../exchange/config.ts'
import type { KvCache } from '../../exchange/kv-cache.ts'

/** What {@link Configure} needs of the context of a request, of this app or of one within it. */
interface Configurable {
  env: Env
  set(name: 'config', config: Config): void
}

/** Sets `config`, and returns it. Throws a GatewayError `misconfigured`. */
export type Configure = (c: Configurable) => Config

/**
 * Creates the {@link Configure} of one isolate. The bindings of an isolate are one object, which is
 * read once.
 */
export function createConfigure(cache: KvCache): Configure {
  const configs = new WeakMap<Env, Config>()
  return function configure(c) {
    let config = configs.get(c.env)
    if (config === undefined) {
      config = readConfig(c.env, cache)
      configs.set(c.env, config)
    }
    c.set('config', config)
    return config
  }
}
