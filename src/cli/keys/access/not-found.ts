/** Errors for ids that nothing has. */
import { UserError } from '../../platform/run-command.ts'

/** The error for an unknown key id. */
export function unknown(id: string): UserError {
  return new UserError(`There is no key with the id ${id}.`)
}

/** The error for an unknown group. */
export function unknownGroup(nameOrId: string): UserError {
  return new UserError(
    `There is no group ${nameOrId}; npm run keys -- groups list shows those that there are.`,
  )
}
