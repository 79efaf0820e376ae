/**
 * Puts the content of files into a request that names them: the request is then like any other, for every
 * protocol, the token estimate and the limits.
 */
import { GatewayError, invalidAt } from '../anthropic/error.ts'
import { unmarkExact } from '../anthropic/exact-json.ts'
import type { JsonObject } from '../anthropic/json.ts'
import { asArray, asObject, isObject } from '../anthropic/json.ts'
import { toBase64 } from '../platform/bytes.ts'
import type { StoredFile } from '../store/owner/files.ts'
import type { OwnedFiles } from './owned-files.ts'
import { fileOf, holdsFile } from './uses-files.ts'

/** A source that carries the content itself. */
type Source = { type: 'base64' | 'text'; media_type: string; data: string }

/** Replaces the file of a block. */
type Replace = (block: JsonObject, path: string) => JsonObject

/** Loads the files that a request names, and puts their content in place of their ids. */
export class InlineFiles {
  readonly #files: OwnedFiles
  readonly #maxBytes: number
  readonly #loaded = new Map<string, { file: StoredFile; content: Uint8Array }>()

  /** `maxBytes`: of the content of all files of a request, as it is sent. */
  constructor(files: OwnedFiles, maxBytes: number) {
    this.#files = files
    this.#maxBytes = maxBytes
  }

  /**
   * Reads the files that a request names. Throws a GatewayError `not_found` for one that is unknown, expired or
   * of another key, and `too_large`. `admit` gets the length of their content before it is read.
   */
  async load(json: JsonObject, admit: (bytes: number) => Promise<void>): Promise<void> {
    let bytes = 0
    const named: StoredFile[] = []
    for (const [id, path] of findFiles(json)) {
      const file = await this.#files.find(id).catch((error: unknown) => {
        throw at(path, error)
      })
      // Base64 takes four bytes for three.
      bytes += Math.ceil(file.bytes / 3) * 4
      if (bytes > this.#maxBytes) {
        const reason = `${path}: the files of a request have at most ${this.#maxBytes} bytes in all, as base64`
        throw new GatewayError({ kind: 'too_large', reason })
      }
      named.push(file)
    }
    await admit(bytes)
    for (const file of named) {
      const body = await this.#files.open(file)
      const content = new Uint8Array(await new Response(body).arrayBuffer())
      this.#loaded.set(file.id, { file, content })
    }
  }

  /** The request with the files that were loaded. Throws a GatewayError `invalid_request`. */
  apply(json: JsonObject): JsonObject {
    const replace: Replace = (block, path) => this.#replace(block, path)
    return { ...json, messages: mapBlocks(json['messages'], 'messages', replace) }
  }

  /** A request's text with the files; `json` as for serializing. */
  toText(json: JsonObject): string {
    return unmarkExact(JSON.stringify(this.apply(json)))
  }

  #replace(block: JsonObject, path: string): JsonObject {
    const loaded = this.#loaded.get(fileOf(block) ?? '')
    if (loaded === undefined) {
      return block
    }
    const { file, content } = loaded
    const source = block['type'] === 'image' ? toImage(file, content) : toDocument(file, content)
    if (source === undefined) {
      const message = `a file of type ${file.mimeType} cannot be used in a block of type ${String(block['type'])}`
      throw invalidAt(`${path}.source.file_id`, message)
    }
    const title =
      block['type'] === 'document' && !('title' in block) ? { title: file.filename } : {}
    return { ...block, ...title, source }
  }
}

const imageTypes = new Set(['image/jpeg', 'image/png', 'image/gif', 'image/webp'])

function toImage({ mimeType }: StoredFile, content: Uint8Array): Source | undefined {
  return imageTypes.has(mimeType)
    ? { type: 'base64', media_type: mimeType, data: toBase64(content) }
    : undefined
}

function toDocument({ mimeType }: StoredFile, content: Uint8Array): Source | undefined {
  if (mimeType === 'application/pdf') {
    return { type: 'base64', media_type: mimeType, data: toBase64(content) }
  }
  const isText = mimeType.startsWith('text/') || mimeType === 'application/json'
  const text = isText ? decode(content) : undefined
  return text === undefined ? undefined : { type: 'text', media_type: 'text/plain', data: text }
}

/** Undefined for bytes that are not UTF-8. */
function decode(content: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(content)
  } catch {
    return undefined
  }
}

/** The files that a request names, each with the path of the first block that does. */
function findFiles(json: JsonObject): Map<string, string> {
  const found = new Map<string, string>()
  mapBlocks(json['messages'], 'messages', (block, path) => {
    const id = fileOf(block)
    if (id !== undefined && !found.has(id)) {
      found.set(id, `${path}.source.file_id`)
    }
    return block
  })
  return found
}

/** Maps the blocks that name files, at any depth; all others stay the same objects. */
function mapBlocks(list: unknown, path: string, replace: Replace): unknown {
  return asArray(list).map((item, index): unknown => {
    if (!isObject(item)) {
      return item
    }
    const where = `${path}.${index}`
    const block = fileOf(item) === undefined ? item : replace(item, where)
    return holdsFile(block) ? mapWithin(block, where, replace) : block
  })
}

function mapWithin(holder: JsonObject, path: string, replace: Replace): JsonObject {
  const source = asObject(holder['source'])
  return {
    ...holder,
    ...(Array.isArray(holder['content'])
      ? { content: mapBlocks(holder['content'], `${path}.content`, replace) }
      : {}),
    ...(Array.isArray(source?.['content'])
      ? {
          source: {
            ...source,
            content: mapBlocks(source['content'], `${path}.source.content`, replace),
          },
        }
      : {}),
  }
}

/** An error about a file, with the path of the block that names it. */
function at(path: string, error: unknown): unknown {
  return error instanceof GatewayError && error.failure.kind === 'not_found'
    ? new GatewayError({ ...error.failure, message: `${path}: ${error.failure.message}` })
    : error
}
