/**
 * Reads `content-disposition` of a part. The multipart parser's own reading ends at characters beyond Latin-1,
 * which browsers, Node and Python send as they are (https://html.spec.whatwg.org/#multipart-form-data).
 */

/** The names in a `content-disposition`. */
export interface Disposition {
  /** The field's name; empty if there is none. */
  name: string
  /** Undefined for a field that is no file. */
  filename: string | undefined
}

const parameter = /;\s*(name|filename\*?)=(?:"((?:[^"\\]|\\.)*)"|([^;"\s]*))/gi

/** Reads the name and file name of a part's `content-disposition`. */
export function readDisposition(header: string | string[] | undefined): Disposition {
  const found = new Map<string, string>()
  for (const [, name = '', quoted, plain = ''] of String(header ?? '').matchAll(parameter)) {
    found.set(name.toLowerCase(), quoted?.replaceAll(/\\(["\\])/g, '$1') ?? plain)
  }
  const encoded = found.get('filename*')
  return {
    name: found.get('name') ?? '',
    filename: (encoded === undefined ? undefined : decodeName(encoded)) ?? found.get('filename'),
  }
}

/** Decodes `UTF-8''a%20b` (RFC 8187); undefined for anything else. */
function decodeName(encoded: string): string | undefined {
  const [, name] = /^utf-8'[^']*'(.*)$/i.exec(encoded) ?? []
  try {
    return name === undefined ? undefined : decodeURIComponent(name)
  } catch {
    // Another parameter may have the name.
    return undefined
  }
}
