/** Files as Anthropic's API shows them (https://docs.claude.com/en/api/files-metadata). */
import type { StoredFile } from '../store/owner/files.ts'

/** A file as clients receive it; times are ISO 8601 in UTC. */
export interface FileMetadata {
  id: string
  type: 'file'
  filename: string
  mime_type: string
  size_bytes: number
  created_at: string
  /** Uploaded files are not, as at Anthropic, unless the catalog allows it. */
  downloadable: boolean
  expires_at: string | null
}

/** Formats a stored file for clients. */
export function toFileMetadata(file: StoredFile, downloadable: boolean): FileMetadata {
  const { id, filename, mimeType, bytes, createdAt, expiresAt } = file
  return {
    id,
    type: 'file',
    filename,
    mime_type: mimeType,
    size_bytes: bytes,
    created_at: new Date(createdAt).toISOString(),
    downloadable,
    expires_at: expiresAt === undefined ? null : new Date(expiresAt).toISOString(),
  }
}
