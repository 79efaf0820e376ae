/** The routes of the Files API (https://docs.claude.com/en/api/files-create). Loaded at the first request to it. */
import type { Context } from 'hono'
import type { Hono } from 'hono/tiny'

import { invalidRequest } from '../../../anthropic/error.ts'
import { parseRequest } from '../../../anthropic/request/request.ts'
import { toFileMetadata } from '../../../files/file-view.ts'
import { defaultQuota, OwnedFiles } from '../../../files/owned-files.ts'
import { maxFileBytes } from '../../../files/receive-file.ts'
import { fileIdPrefix } from '../../../files/uses-files.ts'
import { openStorage } from '../../../store/bindings.ts'
import type { StoredFile } from '../../../store/owner/files.ts'
import type { AppEnv } from '../../env.ts'
import { requireKey } from '../../middleware/authenticate.ts'
import { answerMethodNotAllowed } from '../errors.ts'
import { ownerOf, requireModels } from '../owner.ts'
import { idsOf, listQuery, pageQuery, toPage } from '../page-query.ts'
import type { StoredRoutes } from '../stored-routes.ts'
import { requireBody } from '../stored-routes.ts'

/** A multipart body has some hundred bytes around the file. */
const formBytes = 64 * 1024

/** Adds the routes of the Files API to an app. */
export function addFileRoutes(app: Hono<AppEnv>, needs: StoredRoutes): void {
  const { services, configure } = needs
  const files = app.basePath('/v1/files')
  files.use(requireKey(services, configure, () => true))
  files.post('/', (c) => upload(c, needs))
  files.get('/', (c) => list(c, needs))
  files.get('/:id', async (c) => {
    const file = await (await openFiles(c)).find(c.req.param('id'))
    return c.json(await toView(c, needs, file))
  })
  files.get('/:id/content', (c) => download(c, needs))
  files.delete('/:id', async (c) => {
    const id = c.req.param('id')
    await (await openFiles(c)).remove(id)
    return c.json({ id, type: 'file_deleted' })
  })
  files.all('/', answerMethodNotAllowed('GET, POST'))
  files.all('/:id', answerMethodNotAllowed('GET, DELETE'))
  files.all('/:id/content', answerMethodNotAllowed('GET'))
}

async function openFiles(c: Context<AppEnv>): Promise<OwnedFiles> {
  return new OwnedFiles(await openStorage(c.get('config'), 'Files'), ownerOf(c))
}

async function upload(c: Context<AppEnv>, needs: StoredRoutes): Promise<Response> {
  requireModels(c)
  const { newId, now } = needs.services
  const most = { of: 'a file', bytes: maxFileBytes, around: formBytes }
  const body = requireBody(c, 'file', most)
  const files = await openFiles(c)
  const contentType = c.req.header('content-type') ?? ''
  const { bytes = defaultQuota.bytes, count = defaultQuota.count } = c.get('key').limits.files ?? {}
  const file = await files.add(
    { body, contentType },
    { id: newId(fileIdPrefix), quota: { bytes, count }, now: now() },
  )
  return c.json(await toView(c, needs, file))
}

async function list(c: Context<AppEnv>, needs: StoredRoutes): Promise<Response> {
  const files = await openFiles(c)
  const { searchParams } = new URL(c.req.url)
  const view = await viewOf(c, needs)
  const ids = idsOf(searchParams)
  if (ids !== undefined) {
    return c.json({ data: (await files.findAll(ids)).map(view), next_page: null })
  }
  const query = Object.fromEntries(searchParams)
  if (isOldBeta(c)) {
    const { limit, after_id: after, before_id: before } = parseRequest(pageQuery, query)
    const { items, hasMore } = await files.list({ limit, after, before })
    return c.json(toPage(items, items.map(view), hasMore))
  }
  const { limit, page } = parseRequest(listQuery, query)
  const { items, hasMore } = await files.list({ limit, after: page, before: undefined })
  return c.json({ data: items.map(view), next_page: hasMore ? (items.at(-1)?.id ?? null) : null })
}

/** Whether a client asks for the list of the first beta, whose pages begin after an id. */
function isOldBeta(c: Context<AppEnv>): boolean {
  return c.req.header('anthropic-beta')?.includes('files-api-2025-04-14') === true
}

async function download(c: Context<AppEnv>, needs: StoredRoutes): Promise<Response> {
  const files = await openFiles(c)
  const file = await files.find(c.req.param('id') ?? '')
  if (!(await isDownloadable(c, needs))) {
    const message = 'Uploaded files cannot be downloaded from this gateway.'
    throw invalidRequest(message, undefined, 'file_not_downloadable')
  }
  return new Response(await files.open(file), {
    headers: {
      'content-type': file.mimeType,
      'content-length': String(file.bytes),
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.filename)}`,
      // A browser must not run what a client stored.
      'x-content-type-options': 'nosniff',
    },
  })
}

async function toView(
  c: Context<AppEnv>,
  needs: StoredRoutes,
  file: StoredFile,
): Promise<ReturnType<typeof toFileMetadata>> {
  return (await viewOf(c, needs))(file)
}

async function viewOf(
  c: Context<AppEnv>,
  needs: StoredRoutes,
): Promise<(file: StoredFile) => ReturnType<typeof toFileMetadata>> {
  const downloadable = await isDownloadable(c, needs)
  return (file) => toFileMetadata(file, downloadable)
}

async function isDownloadable(c: Context<AppEnv>, { getCatalog }: StoredRoutes): Promise<boolean> {
  const { catalog } = await getCatalog(c.get('config'))
  return catalog.files?.downloadable === true
}
