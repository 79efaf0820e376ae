/** Reads the file of a multipart body and writes it to the store as it comes: it is never whole in memory. */
import type { MultipartError, PartInfo, Parser } from 'multipasta'
import { decodeField, make } from 'multipasta'

import { GatewayError, invalidAt, invalidRequest } from '../anthropic/error.ts'
import { append } from '../platform/append.ts'
import type { ObjectWriter } from '../store/object-store.ts'
import type { Disposition } from './disposition.ts'
import { readDisposition } from './disposition.ts'
import { signatureBytes, toExtension, toMediaType } from './media-type.ts'

/** The maximal length of a file in bytes, which is Anthropic's (https://docs.claude.com/en/docs/build-with-claude/files). */
export const maxFileBytes = 500 * 1024 * 1024

/** Parts of a form: the file and some fields. */
const maxParts = 20
const maxFieldBytes = 1024

/** A file that was received and written to the store. */
export interface ReceivedFile {
  filename: string
  mimeType: string
  bytes: number
  /** Undefined if the client set none. */
  expiresInSeconds: number | undefined
}

/** A multipart body with a file, where it is written, and how many bytes may be. */
export interface FileUpload {
  body: ReadableStream<Uint8Array>
  contentType: string
  /** The bytes that the file may have at most. */
  room: number
  writer: ObjectWriter
}

/** The form's file while it is received. */
class FormReader {
  readonly #parser: Parser
  readonly #fields = new Map<string, string>()
  /** Bytes of the file that have been parsed and not written. */
  #pending: Uint8Array[] = []
  #headers: PartInfo['headers'] | undefined
  #fault: string | undefined
  #isDone = false

  constructor(contentType: string) {
    this.#parser = make({
      headers: { 'content-type': contentType },
      maxParts,
      maxFieldSize: maxFieldBytes,
      isFile: ({ headers }) => dispositionOf(headers).filename !== undefined,
      onField: (info, value) =>
        this.#fields.set(dispositionOf(info.headers).name, decodeField(info, value)),
      onFile: ({ headers }) => this.#onFile(headers),
      onError: (error) => {
        this.#fault ??= describe(error)
      },
      onDone: () => {
        this.#isDone = true
      },
    })
  }

  /** Parses a chunk, and returns what belongs to the file. */
  read(chunk: Uint8Array): Uint8Array[] {
    this.#attempt(() => this.#parser.write(chunk))
    return this.#take()
  }

  /** Ends the form. Throws if it is incomplete or has no file. */
  end(): {
    headers: PartInfo['headers']
    rest: Uint8Array[]
    fields: ReadonlyMap<string, string>
  } {
    if (!this.#isDone) {
      this.#attempt(() => this.#parser.end())
      throw invalidRequest('The multipart body ended before its last boundary')
    }
    if (this.#headers === undefined) {
      throw invalidAt('file', 'Field required')
    }
    return { headers: this.#headers, rest: this.#take(), fields: this.#fields }
  }

  #take(): Uint8Array[] {
    const taken = this.#pending
    this.#pending = []
    return taken
  }

  #onFile(headers: PartInfo['headers']): (chunk: Uint8Array | null) => void {
    if (this.#headers !== undefined) {
      this.#fault ??= 'file: one file per request'
    }
    this.#headers ??= headers
    return (chunk) => {
      if (chunk !== null) {
        this.#pending.push(chunk)
      }
    }
  }

  #attempt(parse: () => void): void {
    try {
      parse()
    } catch (error) {
      // The parser throws for an encoded filename that it cannot decode.
      if (!(error instanceof URIError)) {
        throw error
      }
      this.#fault ??= 'file: the filename cannot be decoded'
    }
    if (this.#fault !== undefined) {
      throw invalidRequest(this.#fault)
    }
  }
}

/**
 * Receives the file of a form. Throws a GatewayError `invalid_request` for a body that is no form with a file,
 * or a file without room, and `too_large`; what was written is the caller's to discard.
 */
export async function receiveFile(receiving: FileUpload): Promise<ReceivedFile> {
  const { body, contentType, room, writer } = receiving
  const form = new FormReader(contentType)
  const head: number[] = []
  let bytes = 0
  const store = async (pieces: readonly Uint8Array[]): Promise<void> => {
    for (const piece of pieces) {
      append(head, piece.subarray(0, Math.max(0, signatureBytes - head.length)))
      bytes += piece.length
      checkRoom(bytes, room)
      await writer.add(piece)
    }
  }
  for await (const chunk of body) {
    await store(form.read(chunk))
  }
  const { headers, rest, fields } = form.end()
  await store(rest)
  const given = dispositionOf(headers).filename ?? ''
  const mimeType = toMediaType(typeOf(headers), Uint8Array.from(head), given)
  return {
    filename: toFileName(given, toExtension(mimeType)),
    mimeType,
    bytes,
    expiresInSeconds: toExpiry(fields.get('expires_in_seconds')),
  }
}

function dispositionOf(headers: PartInfo['headers']): Disposition {
  return readDisposition(headers['content-disposition'])
}

/** The declared type without parameters; empty if there is none. */
function typeOf(headers: PartInfo['headers']): string {
  return (
    String(headers['content-type'] ?? '')
      .split(';')[0]
      ?.trim() ?? ''
  )
}

/** The failure of a file for which the key's quota has no room. */
export function quotaExceeded(): GatewayError {
  return invalidRequest(
    'The storage quota of this API key is exceeded. Delete files that are no longer needed.',
    undefined,
    'storage_quota_exceeded',
  )
}

function checkRoom(bytes: number, room: number): void {
  if (bytes > maxFileBytes) {
    throw new GatewayError({
      kind: 'too_large',
      reason: `a file has at most ${maxFileBytes} bytes`,
    })
  }
  if (bytes > room) {
    throw quotaExceeded()
  }
}

const expiry = { least: 3600, most: 7_776_000 }

function toExpiry(text: string | undefined): number | undefined {
  if (text === undefined) {
    return undefined
  }
  const seconds = Number(text)
  if (!Number.isInteger(seconds) || seconds < expiry.least || seconds > expiry.most) {
    const message = `expires_in_seconds: Input should be an integer from ${expiry.least} to ${expiry.most}`
    throw invalidRequest(message, 'expires_in_seconds')
  }
  return seconds
}

function describe(error: MultipartError): string {
  switch (error._tag) {
    case 'InvalidBoundary':
      return 'The request must be multipart/form-data with a boundary'
    case 'ReachedLimit':
      return `The multipart body has more than ${maxParts} parts, or a field of more than ${maxFieldBytes} bytes`
    case 'BadHeaders':
    case 'InvalidDisposition':
      return 'The headers of a part of the multipart body cannot be read'
    case 'EndNotReached':
      return 'The multipart body ended before its last boundary'
  }
}

const maxLength = 255
const forbidden = /[<>:"|?*\p{Cc}]/u

/**
 * The name under which a file is kept: the last component of the client's path. Throws a GatewayError
 * `invalid_request` for a name that is too long or has a forbidden character. `extension`: of a file without
 * a name.
 */
function toFileName(given: string, extension: string): string {
  const name = given.split(/[/\\]/).at(-1) ?? ''
  if (name === '') {
    return `unnamed.${extension}`
  }
  if (name.length > maxLength || forbidden.test(name)) {
    throw invalidAt(
      'file',
      `the filename must have 1 to ${maxLength} characters, and none of < > : " | ? * \\ / or control characters`,
    )
  }
  return name
}
