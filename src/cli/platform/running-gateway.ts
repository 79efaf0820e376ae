/**
 * The gateway that `npm start` runs on a state directory: a file there has its URL, so that commands can ask
 * it for what only its objects can do, and report what they write to its KV.
 */
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { refreshPath } from '../../exchange/kv-cache.ts'

const fileName = 'running.json'

/** Milliseconds in which a running gateway answers. */
const answerWithinMs = 2000

/** Notes the URL of a gateway that has started. */
export async function noteRunning(state: string, url: string): Promise<void> {
  await writeFile(join(state, fileName), JSON.stringify({ url }))
}

/** Removes the note when the gateway ends. */
export async function noteStopped(state: string): Promise<void> {
  await rm(join(state, fileName), { force: true })
}

/** The URL of the gateway that runs on a state directory; undefined where none answers. */
export async function findRunning(state: string): Promise<string | undefined> {
  const url = await readNote(state)
  return url !== undefined && (await isAnswered(`${url}/health`)) ? url : undefined
}

/** Makes the gateway that runs on a state directory, if any, read KV again. */
export async function refreshRunning(state: string): Promise<void> {
  const url = await readNote(state)
  if (url !== undefined) {
    await refresh(url)
  }
}

/** Makes a local gateway read KV again. One that does not answer ends, or has ended. */
export async function refresh(url: string): Promise<void> {
  await isAnswered(url + refreshPath, { method: 'POST' })
}

async function readNote(state: string): Promise<string | undefined> {
  try {
    const { url }: { url: string } = JSON.parse(await readFile(join(state, fileName), 'utf8'))
    return url
  } catch {
    // No gateway has been started there, or it has ended.
    return undefined
  }
}

async function isAnswered(url: string, init: RequestInit = {}): Promise<boolean> {
  try {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(answerWithinMs) })
    await response.arrayBuffer()
    return true
  } catch {
    // A gateway that was killed leaves its note behind.
    return false
  }
}
