/** Files of a key: what is stored, until when, and their deletion. */
import type { Context } from 'hono'

import type { FileMetadata } from '../../../files/file-view.ts'
import { consolePath } from '../../console-path.ts'
import type { ConsoleEnv } from '../env.ts'
import { DataTable, Empty } from '../parts/blocks.tsx'
import { ConfirmForm } from '../parts/fields.tsx'
import { formatBytes, Time } from '../parts/format.tsx'
import { backTo, ownerQuery, showStored } from '../parts/stored.tsx'

interface FilePage {
  data: FileMetadata[]
  next_page: string | null
}

/** `GET /console/files`, of the own key, or for an operator of that of `api_key_id`. */
export async function showFiles(c: Context<ConsoleEnv>): Promise<Response> {
  return showStored(c, {
    title: 'Files',
    async read(query, after) {
      const from = after && `&page=${after}`
      const { data, next_page: next } = await c.get('files').get<FilePage>(`?${query}${from}`)
      return { rows: data, next }
    },
    table: (rows) => <Files rows={rows} query={ownerQuery(c)} />,
  })
}

function Files({ rows, query }: { rows: readonly FileMetadata[]; query: string }) {
  return (
    <DataTable
      caption="Files"
      rows={rows}
      empty={
        <Empty title="There is no file of this key.">
          <p>
            Clients upload images, PDFs and texts with <code>POST /v1/files</code>, and name them by{' '}
            <code>file_id</code> in messages to any model.
          </p>
        </Empty>
      }
      columns={{
        Name: (file) => file.filename,
        Id: (file) => <code>{file.id}</code>,
        Type: (file) => file.mime_type,
        '#Size': (file) => formatBytes(file.size_bytes),
        Created: (file) => <Time at={file.created_at} isDay />,
        Expires: (file) =>
          file.expires_at === null ? 'never' : <Time at={file.expires_at} isDay />,
        '': (file) => (
          <ConfirmForm
            action={`${consolePath}/files/${file.id}/delete?${query}`}
            loss="Requests that name the file are refused from then on."
            label="Delete this file"
          />
        ),
      }}
    />
  )
}

/** `POST /console/files/{id}/delete` */
export async function deleteFile(c: Context<ConsoleEnv>): Promise<Response> {
  const id = encodeURIComponent(c.req.param('id') ?? '')
  await c.get('files').send(`/${id}?${ownerQuery(c)}`, { method: 'DELETE' })
  return backTo(c, 'files')
}
