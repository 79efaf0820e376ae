/** `keys export` and `keys import`: everything that the gateway stores, as JSON Lines. */
import { readFile, writeFile } from 'node:fs/promises'

import type { Command } from 'commander'

import { describeIssues } from '../../anthropic/issues.ts'
import type { TransferLine } from '../../ledger/transfer.ts'
import { headLine, isKnownHead, toHead, transferLine } from '../../ledger/transfer.ts'
import { printResult } from '../platform/print-result.ts'
import { UsageError, UserError } from '../platform/run-command.ts'
import type { KeyCommandOptions, KeySource } from './access/key-source.ts'
import { addKeyCommand, addKeySourceOptions, withKeys } from './access/key-source.ts'
import { exportLines, importLines } from './access/transfer.ts'

/** Adds `export` and `import`. */
export function addTransferCommands(program: Command): void {
  addKeySourceOptions(
    program
      .command('export')
      .description('print all keys (as hashes), groups, audit logs and usage as JSON Lines'),
  )
    .option('--file <file>', 'write them to a file that only you can read')
    .action(exportAll)
  addKeyCommand(program, 'import', 'import the output of export; repeating it changes nothing')
    .argument('<file>', 'the file; - reads standard input')
    .action(importAll)
}

async function exportAll(options: KeySource & { file?: string }): Promise<void> {
  const lines = [JSON.stringify(toHead(new Date()))]
  await withKeys(options, (admin) =>
    exportLines(admin.api, (line) => lines.push(JSON.stringify(line))),
  )
  const text = `${lines.join('\n')}\n`
  if (options.remote === true) {
    console.error(
      'Usage is not included, since the ledgers can only be reached through the gateway (--url).',
    )
  }
  if (options.file === undefined) {
    process.stdout.write(text)
    return
  }
  await writeFile(options.file, text, { mode: 0o600 })
  console.error(`Wrote ${lines.length} lines to ${options.file}.`)
}

async function importAll(file: string, options: KeyCommandOptions): Promise<void> {
  const lines = await readLines(file)
  if (options.remote === true && lines.some(({ type }) => type === 'usage')) {
    throw new UserError(
      'The file has usage, which only the gateway itself can import: use --url with its origin, and GATEWAY_ADMIN_KEY.',
    )
  }
  const counts = await withKeys(options, (admin) => importLines(admin.api, lines))
  const { created, changed, unchanged, usage_rows: rows } = counts
  printResult(
    options,
    counts,
    `Imported ${file}: ${created} keys and groups created, ${changed} changed, ${unchanged} unchanged; ${rows} rows of usage.`,
  )
}

/** Reads and checks a whole document, before anything is written. Throws a UsageError that names the line. */
async function readLines(file: string): Promise<TransferLine[]> {
  const text = await readFile(file === '-' ? '/dev/stdin' : file, 'utf8').catch(() => {
    throw new UsageError(`${file}: file not found.`)
  })
  const [first = '', ...rest] = text.split('\n')
  const head = headLine.safeParse(parse(first, `${file}:1`)).data
  if (head === undefined || !isKnownHead(head)) {
    throw new UsageError(
      `${file}:1: ${head === undefined ? 'not an export of keys' : `version ${head.version} is newer than this gateway`}.`,
    )
  }
  return rest.flatMap((line, index) => {
    const at = `${file}:${index + 2}`
    if (line.trim() === '') {
      return []
    }
    const result = transferLine.safeParse(parse(line, at), { reportInput: true })
    if (!result.success) {
      const { path, message } = describeIssues(result.error.issues)
      throw new UsageError(`${at}: ${path}: ${message}. Nothing was imported.`)
    }
    return [result.data]
  })
}

function parse(line: string, at: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    throw new UsageError(`${at}: not valid JSON. Nothing was imported.`)
  }
}
