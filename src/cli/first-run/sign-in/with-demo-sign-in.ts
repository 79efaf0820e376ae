/** A catalog in which sign-in can be tried: at the demo issuer, unless the catalog names its own. */
import type { Catalog } from '../../../catalog/schema/catalog.ts'
import { demoPersons } from './demo-issuer.ts'

/** Adds `identity`, if there is none: one operator, and members with a small budget. */
export function withDemoSignIn(catalog: Catalog, issuer: string): Catalog {
  const [operator] = demoPersons
  return {
    ...catalog,
    identity: catalog.identity ?? {
      providers: { demo: { issuer, client_id: 'demo', display_name: 'the demo' } },
      people: [
        { match: { emails: [operator] }, admin: true },
        { match: 'everyone', limits: { budgets: [{ usd: 1, period: 'day' }] } },
      ],
    },
  }
}
