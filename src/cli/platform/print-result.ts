/** The output of commands that have `--json`. */
import { printableJson } from './printable.ts'

/** The option of a command that prints JSON for scripts. */
export interface OutputOptions {
  json?: boolean
}

/** Prints a result: as JSON with `--json`, else as a text. */
export function printResult({ json }: OutputOptions, result: unknown, text: string): void {
  console.log(json === true ? printableJson(result) : text)
}
