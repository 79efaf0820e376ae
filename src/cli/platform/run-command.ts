/** Runs commands and reports its failure: a message for the user's mistakes, a stack trace for bugs. */
import { Command } from 'commander'

/** An error whose message is for the user; it is printed without a stack trace. */
export class UserError extends Error {
  override readonly name: string = 'UserError'
  /** 1: the command failed, or part of it did. */
  readonly exitCode: number = 1
}

/** The arguments are invalid, so that nothing was done. */
export class UsageError extends UserError {
  override readonly name = 'UsageError'
  override readonly exitCode = 2
}

/** A program whose errors in options and arguments exit with 2, as a {@link UsageError} does. */
export function createProgram(name: string, description: string): Command {
  return new Command(name).description(description).exitOverride(({ exitCode }) => {
    process.exit(exitCode === 0 ? 0 : 2)
  })
}

/** Runs the command that was asked for. A {@link UserError} prints its message, anything else its stack trace. */
export async function runProgram(program: Command): Promise<void> {
  try {
    await program.parseAsync()
  } catch (error) {
    console.error(error instanceof UserError ? error.message : error)
    process.exitCode = error instanceof UserError ? error.exitCode : 1
  }
}
