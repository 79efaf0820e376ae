/** The questions of the setup, in a terminal. */
import { UserError } from '../platform/run-command.ts'

/** One answer to choose: its label and its value. */
export interface Choice<Value> {
  name: string
  value: Value
}

/** Asks the operator. Each method resolves to the answer. */
export interface Questions {
  /** `no`: Enter alone means no. */
  confirm: (question: string) => Promise<boolean>
  choose: <Value>(question: string, choices: readonly Choice<Value>[]) => Promise<Value>
  /** None to all of the choices. */
  chooseSome: <Value>(question: string, choices: readonly Choice<Value>[]) => Promise<Value[]>
  /** A text that is not shown; empty if there is none. */
  secret: (question: string) => Promise<string>
}

/** Asks in this terminal. Ctrl-C is a UserError. */
export async function createQuestions(): Promise<Questions> {
  const prompts = await import('@inquirer/prompts')
  return {
    confirm: (message) => stoppable(prompts.confirm({ message, default: false })),
    choose: (message, choices) => stoppable(prompts.select({ message, choices })),
    chooseSome: (message, choices) =>
      stoppable(prompts.checkbox({ message, choices, pageSize: 12, loop: false })),
    secret: (message) => stoppable(prompts.password({ message, mask: true })),
  }
}

async function stoppable<Value>(answer: Promise<Value>): Promise<Value> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof Error && error.name === 'ExitPromptError') {
      throw new UserError('Stopped.')
    }
    throw error
  }
}
