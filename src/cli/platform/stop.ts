/** How a command ends: quietly, or with a sentence for the person who ran it. */

/** What went wrong, in words for whoever ran the command; no stack is shown. */
export class UserError extends Error {
  override readonly name = 'UserError'
}

/** Runs a command to its end. A {@link UserError} is told as it stands; anything else is a bug, and shows its stack. */
export async function runToEnd(command: () => Promise<unknown>): Promise<void> {
  try {
    await command()
  } catch (error) {
    console.error(error instanceof UserError ? error.message : error)
    process.exitCode = 1
  }
}
