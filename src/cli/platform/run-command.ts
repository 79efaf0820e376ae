/** Runs a command and reports its failure: a message for the user's mistakes, a stack trace for bugs. */

/** An error whose message is for the user; it is printed without a stack trace. */
export class UserError extends Error {
  override readonly name = 'UserError'
}

/** Awaits a command. A {@link UserError} prints its message, anything else its stack trace; both exit with 1. */
export async function runCommand(command: () => Promise<unknown>): Promise<void> {
  try {
    await command()
  } catch (error) {
    console.error(error instanceof UserError ? error.message : error)
    process.exitCode = 1
  }
}
