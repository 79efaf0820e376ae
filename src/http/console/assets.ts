/** The scripts and styles of the console: static, with names that change with their content. */
import type { Context } from 'hono'
import { assets } from 'virtual:console-assets'

import { consolePath } from '../console-path.ts'

const types: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
}

/** Handles `GET /console/assets/{name}`. */
export function answerAsset(c: Context): Response | Promise<Response> {
  const name = c.req.param('name') ?? ''
  const text = assets.get(name)
  const type = types[name.split('.').at(-1) ?? '']
  if (text === undefined || type === undefined) {
    return c.notFound()
  }
  return c.body(text, 200, {
    'content-type': type,
    'cache-control': 'public, max-age=31536000, immutable',
  })
}

/** The path of the entry with this extension. */
export function entryPath(extension: 'js' | 'css'): string {
  const name = [...assets.keys()].find(
    (each) => each.startsWith('console-') && each.endsWith(`.${extension}`),
  )
  return `${consolePath}/assets/${name}`
}
