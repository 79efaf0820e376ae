/** The user's settings of Claude Code, with this gateway in them. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'

import { asObject, isObject, parseJson } from '../../anthropic/json.ts'
import { UserError } from '../platform/run-command.ts'

/** A change of Claude Code's settings file: its path, its new text, and the lines that differ. */
export interface SettingsChange {
  file: string
  /** The whole file as it would be. */
  text: string
  /** Lines with `-` and `+`; none if nothing would change. */
  diff: string[]
}

/** The settings file of the user, as Claude Code finds it. */
export function settingsFile(): string {
  return join(process.env['CLAUDE_CONFIG_DIR'] ?? join(homedir(), '.claude'), 'settings.json')
}

/** Proposes settings with a base URL and a helper that prints the key. Throws a UserError for a broken file. */
export async function proposeSettings(
  file: string,
  { url, helper }: { url: string; helper: string },
): Promise<SettingsChange> {
  const known = await readSettings(file)
  const env = asObject(known['env']) ?? {}
  const next = {
    ...known,
    env: { ...env, ANTHROPIC_BASE_URL: url },
    apiKeyHelper: helper,
  }
  const diff = [
    ...toLines('env.ANTHROPIC_BASE_URL', env['ANTHROPIC_BASE_URL'], url),
    ...toLines('apiKeyHelper', known['apiKeyHelper'], helper),
  ]
  return { file, text: `${JSON.stringify(next, null, 2)}\n`, diff }
}

/** Writes the changed settings, and creates the folder if it is missing. */
export async function writeSettings({ file, text }: SettingsChange): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, text)
}

async function readSettings(file: string): Promise<Record<string, unknown>> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') {
      return '{}'
    }
    throw error
  })
  const settings = parseJson(text)
  if (!isObject(settings)) {
    throw new UserError(`${file} is not a JSON object. Fix it first.`)
  }
  return settings
}

function toLines(path: string, before: unknown, after: string): string[] {
  const show = (value: unknown): string => `${path}: ${JSON.stringify(value)}`
  if (before === after) {
    return []
  }
  return [...(before === undefined ? [] : [`- ${show(before)}`]), `+ ${show(after)}`]
}
